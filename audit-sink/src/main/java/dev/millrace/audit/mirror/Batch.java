package dev.millrace.audit.mirror;

import dev.millrace.audit.copy.MirrorRow;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What one transaction writes.
 *
 * @param rows the records, each partition's in order
 * @param advances how far the partitions go; also past offsets that hold no record
 */
record Batch(List<MirrorRow> rows, Map<TopicPartition, Advance> advances) {}
