package dev.millrace.audit.chain;

import dev.millrace.audit.stored.StoredRecord;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The way along one partition's chain, over rows and over runs of rows that are archived. It ends
 * at the first row that does not hold: what follows cannot be told.
 */
public final class ChainWalk {

  private static final String CHECKPOINT = "a checkpoint names";

  /** Compares the payload of a row with its bytes. */
  @FunctionalInterface
  public interface PayloadCheck {

    /** Compares nothing. */
    PayloadCheck NONE = (stored, error) -> Optional.empty();

    /**
     * What is wrong with a payload, if anything.
     *
     * @param error what the row says of why it has none, or another
     */
    Optional<String> compare(StoredRecord stored, @Nullable String error);
  }

  private final TopicPartition place;
  private final NavigableMap<Long, String> heads;
  private final PayloadCheck payloads;
  private final ChainDigest digest;
  private byte[] previous;
  private long last = -1;
  private long rows;
  private long unchained;
  private @Nullable Finding finding;

  /**
   * @param heads hashes that checkpoints have of this partition's rows, by offset
   * @param previous hash of the row before the first, or {@link ChainDigest#start}
   */
  public ChainWalk(
      TopicPartition place,
      NavigableMap<Long, String> heads,
      PayloadCheck payloads,
      ChainDigest digest,
      byte[] previous) {
    this.place = place;
    this.heads = heads;
    this.payloads = payloads;
    this.digest = digest;
    this.previous = previous;
  }

  /** Goes on over a row. */
  public void over(ChainedRow row) {
    long offset = row.offset();
    rows++;
    if (!passed(offset)) {
      return;
    }
    byte[] hash = row.hash();
    if (hash == null && isAtStart() && !heads.containsKey(offset)) {
      unchained++;
      last = offset;
      return;
    }
    byte[] computed = digest.next(previous, row.link());
    if (!Arrays.equals(computed, hash)) {
      wrong(offset, "its hash does not hold: it was changed, or a row before it is missing");
      return;
    }
    if (!isAsCheckpointed(offset, HexFormat.of().formatHex(computed))) {
      return;
    }
    payloads.compare(row.stored(), row.link().error()).ifPresent(what -> wrong(offset, what));
    previous = computed;
    last = offset;
  }

  /** Goes on over rows that are in an archive, which is looked at by itself. */
  void over(ArchivedRun run) {
    if (!passed(run.first())) {
      return;
    }
    if (!HexFormat.of().formatHex(previous).equals(run.previous())) {
      wrong(run.first(), "it is archived, and does not follow the row before it");
      return;
    }
    if (run.hash() == null) {
      unchained += run.rows();
    } else if (isAsCheckpointed(run.last(), run.hash())) {
      previous = HexFormat.of().parseHex(run.hash());
    }
    last = run.last();
  }

  /** There are no more rows between these offsets. */
  public void reached(long from, long to) {
    long next = Math.max(last + 1, from);
    Map<Long, String> left = next <= to ? heads.subMap(next, true, to, true) : Map.of();
    if (finding == null && !left.isEmpty()) {
      missing(left.keySet().iterator().next(), CHECKPOINT);
    }
  }

  /** Compares the end with where the sink left the chain. */
  void compareEnd(long offset, String hash) {
    if (finding != null) {
      return;
    }
    if (last < offset) {
      missing(offset, "the sink wrote");
    } else if (!isAt(hash)) {
      wrong(last, "it is not the row the sink wrote last");
    }
  }

  /** Whether the last row has this hash. */
  public boolean isAt(String hash) {
    return HexFormat.of().formatHex(previous).equals(hash);
  }

  /** Whether nothing chained has come yet. */
  public boolean isAtStart() {
    return Arrays.equals(previous, ChainDigest.start());
  }

  /** Offset of the last row that holds; -1 if there is none. */
  public long last() {
    return last;
  }

  /** Rows that were looked at. */
  public long rows() {
    return rows;
  }

  /** Rows from before there were chains. */
  long unchained() {
    return unchained;
  }

  /** What does not hold. */
  public Optional<Finding> finding() {
    return Optional.ofNullable(finding);
  }

  private boolean passed(long offset) {
    if (finding != null) {
      return false;
    }
    Long skipped = heads.higherKey(last);
    if (skipped != null && skipped < offset && last >= 0) {
      missing(skipped, CHECKPOINT);
      return false;
    }
    return true;
  }

  private boolean isAsCheckpointed(long offset, String hash) {
    String named = heads.get(offset);
    if (named != null && !named.equals(hash)) {
      wrong(offset, "a checkpoint has another hash for it: the chain was written anew");
      return false;
    }
    return true;
  }

  private void missing(long offset, String who) {
    wrong(offset, "it is missing: " + who + " it");
  }

  private void wrong(long offset, String what) {
    finding = new Finding(place + "@" + offset, what);
  }
}
