package dev.millrace.router.storage;

import dev.millrace.router.queue.Place;
import dev.millrace.router.queue.QueueState.Waiter;
import dev.millrace.router.queue.Tenant;
import dev.millrace.schemas.task.Priority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The waiting line of one priority: each tenant has a line of its own, oldest first, and the
 * tenants take turns. Next is the tenant with the fewest running tasks; among those, the one whose
 * turn was longest ago. Tasks that were moved to the front by hand go before all of them. So the
 * slots are shared evenly however much a tenant has waiting and however long its tasks take, and a
 * tenant of which nothing runs waits for one round at most.
 *
 * <p>Turns are counted in rounds, as in start-time fair queueing: whoever is served, or comes anew,
 * is due again in the round after the current one. The rounds are in memory only: after a restart
 * all tenants start in the same one.
 *
 * <p>What it costs to add, serve or remove a task grows with the logarithm of the number of tenants
 * that wait, and not with the number of tasks.
 */
final class SharedLine {

  /** Rows that are read at once of the line of one tenant among many. */
  private static final int TENANT_BATCH = 64;

  private final Priority priority;
  private final Keys keys;
  private final OrderedStore store;
  private final ToIntFunction<Tenant> running;
  private final Map<Tenant, Contender> contenders = new HashMap<>();
  private final TreeSet<Turn> turns = new TreeSet<>();
  private long round;
  private boolean opened;

  /**
   * @param running how many tasks of a tenant run; whoever changes that calls {@link #reseat}
   */
  SharedLine(Priority priority, Keys keys, OrderedStore store, ToIntFunction<Tenant> running) {
    this.priority = priority;
    this.keys = keys;
    this.store = store;
    this.running = running;
  }

  /** When the first task of a tenant is due, in the order in which they are served. */
  private record Turn(int running, long round, long sequence, Tenant tenant)
      implements Comparable<Turn> {

    private static final Comparator<Turn> ORDER =
        Comparator.comparingInt(Turn::running)
            .thenComparingLong(Turn::round)
            .thenComparingLong(Turn::sequence)
            .thenComparing(turn -> turn.tenant().name());

    @Override
    public int compareTo(Turn other) {
      return ORDER.compare(this, other);
    }

    /** The turn of the task behind it, if nothing ends and nobody comes. */
    Turn next(long nextSequence) {
      int more = tenant.equals(Tenant.FIRST) ? running : running + 1;
      return new Turn(more, round + 1, nextSequence, tenant);
    }
  }

  private Turn turn(Tenant tenant, long due, long sequence) {
    int held = tenant.equals(Tenant.FIRST) ? -1 : running.applyAsInt(tenant);
    return new Turn(held, due, sequence, tenant);
  }

  /** A tenant that waits. */
  private static final class Contender {
    private final Line line;
    private Turn turn;

    Contender(Line line, Turn turn) {
      this.line = line;
      this.turn = turn;
    }
  }

  void add(Waiter waiter) {
    open();
    Tenant tenant = waiter.place().tenant();
    long sequence = waiter.place().sequence();
    Contender contender = contenders.get(tenant);
    if (contender == null) {
      Line line = Line.empty(priority, tenant, keys, store, batch(tenant));
      line.add(waiter);
      enter(line, turn(tenant, round + 1, sequence));
    } else {
      contender.line.add(waiter);
      Turn turn = contender.turn;
      if (sequence < turn.sequence()) {
        replace(contender, turn(tenant, turn.round(), sequence));
      }
    }
  }

  /** Takes a task out whose turn has come. */
  void serve(Place place) {
    open();
    Contender contender = contenders.get(place.tenant());
    if (contender != null) {
      round = Math.max(round, contender.turn.round());
      remove(contender, place, round + 1);
    }
  }

  /** Takes a task out that does not wait any more; its tenant keeps its turn. */
  void remove(Place place) {
    open();
    Contender contender = contenders.get(place.tenant());
    if (contender != null) {
      remove(contender, place, contender.turn.round());
    }
  }

  private void remove(Contender contender, Place place, long nextRound) {
    contender.line.remove(place);
    List<Waiter> first = contender.line.first(1);
    turns.remove(contender.turn);
    if (first.isEmpty()) {
      contenders.remove(place.tenant());
    } else {
      contender.turn = turn(place.tenant(), nextRound, first.getFirst().place().sequence());
      turns.add(contender.turn);
    }
  }

  /** Another number of tasks of the tenant run. */
  void reseat(Tenant tenant) {
    Contender contender = contenders.get(tenant);
    if (contender != null) {
      Turn turn = contender.turn;
      replace(contender, turn(tenant, turn.round(), turn.sequence()));
    }
  }

  private void replace(Contender contender, Turn turn) {
    turns.remove(contender.turn);
    contender.turn = turn;
    turns.add(turn);
  }

  private void enter(Line line, Turn turn) {
    contenders.put(turn.tenant(), new Contender(line, turn));
    turns.add(turn);
  }

  /** The first who wait, in the order in which they would be served if no run ended. */
  List<Waiter> first(int limit) {
    open();
    if (turns.isEmpty() || limit == 0) {
      return List.of();
    }
    if (limit == 1) {
      return contender(turns.first().tenant()).line.first(1);
    }
    PriorityQueue<Turn> due = new PriorityQueue<>(turns);
    Map<Tenant, Reading> readings = new HashMap<>();
    List<Waiter> first = new ArrayList<>();
    while (!due.isEmpty() && first.size() < limit) {
      Turn turn = due.remove();
      Reading reading =
          readings.computeIfAbsent(turn.tenant(), t -> new Reading(contender(t).line));
      first.add(reading.take());
      Waiter behind = reading.peek();
      if (behind != null) {
        due.add(turn.next(behind.place().sequence()));
      }
    }
    return first;
  }

  /** Reads a line from its front, more of it each time it has to. */
  private static final class Reading {
    private final Line line;
    private List<Waiter> read = List.of();
    private int taken;

    Reading(Line line) {
      this.line = line;
    }

    @Nullable Waiter peek() {
      if (taken == read.size()) {
        read = line.first(2 * taken + 1);
      }
      return taken == read.size() ? null : read.get(taken);
    }

    Waiter take() {
      Waiter next = peek();
      if (next == null) {
        throw new NoSuchElementException("a tenant has a turn but nothing that waits");
      }
      taken++;
      return next;
    }
  }

  /** Those with a sequence up to this one, at most so many, in no order. */
  List<Waiter> upTo(long sequence, int limit) {
    open();
    List<Waiter> found = new ArrayList<>();
    for (Contender contender : contenders.values()) {
      if (found.size() >= limit) {
        break;
      }
      if (contender.turn.sequence() <= sequence) {
        contender.line.first(limit - found.size()).stream()
            .takeWhile(waiter -> waiter.place().sequence() <= sequence)
            .forEach(found::add);
      }
    }
    return found;
  }

  private Contender contender(Tenant tenant) {
    Contender contender = contenders.get(tenant);
    if (contender == null) {
      throw new IllegalStateException("tenant '" + tenant + "' has a turn but no line");
    }
    return contender;
  }

  /** Finds out who waits. From then on, a tenant that is not known has nothing in the store. */
  private void open() {
    if (opened) {
      return;
    }
    opened = true;
    enterStored(Tenant.NONE);
    Tenant last = Tenant.NONE;
    while (true) {
      List<OrderedStore.Row> next =
          store.first(keys.behindTenant(priority, last), keys.behindTenants(priority), 1);
      if (next.isEmpty()) {
        return;
      }
      last = keys.tenant(next.getFirst().key());
      enterStored(last);
    }
  }

  private void enterStored(Tenant tenant) {
    Line line = Line.stored(priority, tenant, keys, store, batch(tenant));
    List<Waiter> first = line.first(1);
    if (!first.isEmpty()) {
      long sequence = first.getFirst().place().sequence();
      enter(line, turn(tenant, round + 1, sequence));
    }
  }

  private static int batch(Tenant tenant) {
    return tenant.isNone() ? Line.BATCH : TENANT_BATCH;
  }
}
