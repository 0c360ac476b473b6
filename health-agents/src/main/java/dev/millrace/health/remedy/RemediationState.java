package dev.millrace.health.remedy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of the repairs of one project, of bounded size.
 *
 * @param repairs by action
 * @param escalations findings that wait for a person, oldest first
 * @param recent identities of the latest anomalies and approvals, oldest first
 * @param pending anomalies that wait for a diagnosis, oldest first
 * @param answers what people decided, oldest first
 */
public record RemediationState(
    Map<String, Repairs> repairs,
    List<OpenEscalation> escalations,
    List<String> recent,
    List<PendingCase> pending,
    List<PastAnswer> answers) {

  private static final int MAX_ACTIONS = 32;
  private static final int MAX_ESCALATIONS = 32;
  private static final int MAX_RECENT = 128;
  private static final int MAX_PENDING = 16;
  private static final int MAX_ANSWERS = 10;

  public static final RemediationState EMPTY =
      new RemediationState(Map.of(), List.of(), List.of(), List.of(), List.of());

  public RemediationState {
    repairs = Map.copyOf(repairs);
    escalations = List.copyOf(escalations);
    recent = List.copyOf(recent);
    // States that an earlier version stored have none of these.
    pending = List.copyOf(Objects.requireNonNullElse(pending, List.of()));
    answers = List.copyOf(Objects.requireNonNullElse(answers, List.of()));
  }

  boolean knows(String id) {
    return recent.contains(id);
  }

  RemediationState remembering(String id) {
    return new RemediationState(
        repairs, escalations, appended(recent, id, MAX_RECENT), pending, answers);
  }

  Repairs repairs(String action) {
    return repairs.getOrDefault(action, Repairs.NONE);
  }

  /** The same with these repairs; of an action beyond the limit nothing is kept. */
  RemediationState with(String action, Repairs updated) {
    if (!repairs.containsKey(action) && repairs.size() >= MAX_ACTIONS) {
      return this;
    }
    Map<String, Repairs> more = new HashMap<>(repairs);
    more.put(action, updated);
    return new RemediationState(more, escalations, recent, pending, answers);
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

  RemediationState escalating(OpenEscalation escalation) {
    return new RemediationState(
        repairs, appended(escalations, escalation, MAX_ESCALATIONS), recent, pending, answers);
  }

  RemediationState deciding(OpenEscalation escalation, PastAnswer answer) {
    return new RemediationState(
        repairs,
        escalations.stream().filter(open -> !open.id().equals(escalation.id())).toList(),
        recent,
        pending,
        appended(answers, answer, MAX_ANSWERS));
  }

  Optional<PendingCase> pendingCase(String requestId) {
    return pending.stream().filter(one -> one.requestId().equals(requestId)).findFirst();
  }

  boolean awaitsDiagnosisOf(String anomalyType) {
    return pending.stream().anyMatch(one -> one.anomaly().type().equals(anomalyType));
  }

  boolean hasRoomForPending() {
    return pending.size() < MAX_PENDING;
  }

  RemediationState opening(PendingCase opened) {
    return new RemediationState(
        repairs, escalations, recent, appended(pending, opened, MAX_PENDING), answers);
  }

  RemediationState closing(PendingCase closed) {
    return new RemediationState(
        repairs,
        escalations,
        recent,
        pending.stream().filter(one -> !one.requestId().equals(closed.requestId())).toList(),
        answers);
  }

  private static <T> List<T> appended(List<T> list, T element, int limit) {
    List<T> longer = new ArrayList<>(list);
    longer.add(element);
    return longer.size() <= limit ? longer : longer.subList(longer.size() - limit, longer.size());
  }
}
