package dev.millrace.health.remedy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the repairs of one project, of bounded size.
 *
 * @param repairs by action
 * @param escalations findings that wait for a person, oldest first
 * @param recent identities of the latest anomalies and approvals, oldest first
 */
public record Casebook(
    Map<String, Repairs> repairs, List<OpenEscalation> escalations, List<String> recent) {

  private static final int MAX_ACTIONS = 32;
  private static final int MAX_ESCALATIONS = 32;
  private static final int MAX_RECENT = 128;

  public static final Casebook EMPTY = new Casebook(Map.of(), List.of(), List.of());

  public Casebook {
    repairs = Map.copyOf(repairs);
    escalations = List.copyOf(escalations);
    recent = List.copyOf(recent);
  }

  boolean knows(String id) {
    return recent.contains(id);
  }

  Casebook remembering(String id) {
    return new Casebook(repairs, escalations, appended(recent, id, MAX_RECENT));
  }

  Repairs repairs(String action) {
    return repairs.getOrDefault(action, Repairs.NONE);
  }

  /** The same with these repairs; of an action beyond the limit nothing is kept. */
  Casebook with(String action, Repairs updated) {
    if (!repairs.containsKey(action) && repairs.size() >= MAX_ACTIONS) {
      return this;
    }
    Map<String, Repairs> more = new HashMap<>(repairs);
    more.put(action, updated);
    return new Casebook(more, escalations, recent);
  }

  Map<String, List<PastRepair>> past() {
    Map<String, List<PastRepair>> past = new HashMap<>();
    repairs.forEach((action, known) -> past.put(action, known.past()));
    return past;
  }

  Optional<OpenEscalation> escalation(String id) {
    return escalations.stream().filter(open -> open.id().equals(id)).findFirst();
  }

  boolean awaitsDecisionOn(String anomalyType, Instant at) {
    return escalations.stream()
        .anyMatch(open -> open.anomalyType().equals(anomalyType) && at.isBefore(open.expiresAt()));
  }

  Casebook escalating(OpenEscalation escalation) {
    return new Casebook(repairs, appended(escalations, escalation, MAX_ESCALATIONS), recent);
  }

  Casebook deciding(OpenEscalation escalation) {
    return new Casebook(
        repairs,
        escalations.stream().filter(open -> !open.id().equals(escalation.id())).toList(),
        recent);
  }

  private static <T> List<T> appended(List<T> list, T element, int limit) {
    List<T> longer = new ArrayList<>(list);
    longer.add(element);
    return longer.size() <= limit ? longer : longer.subList(longer.size() - limit, longer.size());
  }
}
