package dev.millrace.audit.chain;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one partition that follow each other in its hash chain and are in an archive. Where the
 * rows themselves are gone from the mirror, it says where the chain enters and where it leaves
 * them.
 *
 * @param place partition
 * @param first offset of the first row
 * @param last offset of the last row
 * @param rows how many they are
 * @param previous hash of the row before the first, in hexadecimal digits; zeros when there is none
 * @param hash hash of the last row; null for rows from before there were chains
 */
public record ArchivedRun(
    TopicPartition place,
    long first,
    long last,
    long rows,
    String previous,
    @Nullable String hash) {}
