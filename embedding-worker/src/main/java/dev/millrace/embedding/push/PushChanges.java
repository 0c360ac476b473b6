package dev.millrace.embedding.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.embedding.index.BranchHeads;
import dev.millrace.embedding.index.BranchHeads.Head;
import dev.millrace.embedding.index.BranchHeads.Move;
import dev.millrace.embedding.index.DocumentRef;
import dev.millrace.embedding.index.UnavailableException;
import dev.millrace.repositories.ChangedFile;
import dev.millrace.repositories.ChangedFile.Change;
import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.github.GithubEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the documents that a push changes: one change for each file, whatever its commits did. */
public final class PushChanges {

  private static final Logger log = LoggerFactory.getLogger(PushChanges.class);
  private static final String BRANCH = "refs/heads/";

  /** GitHub lists no more commits than that; the files of those it leaves out are not told. */
  private static final int MAX_LISTED_COMMITS = 2_048;

  /** What a branch stood at that was made by the push. */
  private static final Pattern NOTHING = Pattern.compile("0*");

  private final DocumentPaths paths;
  private final Predicate<String> canParse;
  private final Repositories repositories;
  private final BranchHeads heads;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param canParse whether there is a parser for a file of this name
   * @param repositories where the commits of a push are compared that does not list them all
   * @param heads where branches stand, which tells what a push follows
   */
  public PushChanges(
      DocumentPaths paths,
      Predicate<String> canParse,
      Repositories repositories,
      BranchHeads heads) {
    this.paths = paths;
    this.canParse = canParse;
    this.repositories = repositories;
    this.heads = heads;
  }

  /**
   * The push that an event tells of; none if it tells of something else, or of a branch that is not
   * indexed.
   *
   * @throws WorkRejectedException if it is not what GitHub sends
   * @throws UnavailableException if it is not known now where the branch stands, or if commits must
   *     be compared and cannot be now
   */
  public Optional<Push> of(GithubEvent event) {
    if (!event.getEvent().equals("push")) {
      return Optional.empty();
    }
    JsonNode push = payload(event);
    String ref = text(push, "ref");
    JsonNode head = head(push);
    if (!ref.startsWith(BRANCH) || push.path("deleted").asBoolean() || !head.isObject()) {
      return Optional.empty();
    }
    String branch = ref.substring(BRANCH.length());
    String defaultBranch = push.path("repository").path("default_branch").asText(null);
    if (!paths.isIndexed(branch, defaultBranch)) {
      return Optional.empty();
    }
    String after = text(head, "id");
    String from = push.path("before").asText();
    Optional<Head> before = heads.find(event.getRepository(), branch);
    Optional<String> further =
        heads
            .overtaken(event.getRepository(), branch, after)
            .filter(commit -> !commit.equals(from));
    String commit = further.orElse(after);
    Instant changedAt =
        before
            .map(known ->
                further.isPresent()
                    ? changedLast(known, event, push, head)
                    : changedAfter(known, event, push, head))
            .orElseGet(() -> changedAt(event, push, head));
    List<DocumentChange> changes =
        files(event.getRepository(), push, further).entrySet().stream()
            .filter(file -> paths.isDocument(file.getKey()) && canParse.test(file.getKey()))
            .map(file -> change(event, branch, commit, changedAt, file.getKey(), file.getValue()))
            .toList();
    return Optional.of(
        new Push(
            event.getRepository(),
            branch,
            new Move(
                from,
                after,
                new Head(commit, changedAt, receivedAt(before, event)),
                before.filter(known -> isEarly(known, event, from, after)).isPresent()),
            changes));
  }

  /** The newest commit: GitHub names it, and a sender that does not lists it last. */
  private static JsonNode head(JsonNode push) {
    JsonNode named = push.path("head_commit");
    JsonNode commits = push.path("commits");
    return named.isObject() ? named : commits.path(commits.size() - 1);
  }

  /**
   * When the files got their content, where it is known which push came before. What follows it is
   * later, although its commit may have been made before the other push was forced. A push that
   * comes again has the same time; one that was received before only looks as if it followed.
   */
  private static Instant changedAfter(
      Head before, GithubEvent event, JsonNode push, JsonNode head) {
    if (before.commit().equals(text(head, "id"))) {
      return before.changedAt();
    }
    Instant told = changedAt(event, push, head);
    boolean follows =
        before.commit().equals(push.path("before").asText())
            && !event.getReceivedAt().isBefore(before.receivedAt());
    return follows && !told.isAfter(before.changedAt()) ? before.changedAt().plusMillis(1) : told;
  }

  /**
   * When the files got their content, where others that follow the push came before it: they are
   * read as the last of them left them, so that is later than all.
   */
  private static Instant changedLast(Head known, GithubEvent event, JsonNode push, JsonNode head) {
    Instant told = changedAt(event, push, head);
    return told.isAfter(known.changedAt()) ? told : known.changedAt().plusMillis(1);
  }

  /** Whether the push follows another than the newest, which must come yet. */
  private static boolean isEarly(Head known, GithubEvent event, String from, String after) {
    return !NOTHING.matcher(from).matches()
        && !known.commit().equals(from)
        && !known.commit().equals(after)
        && event.getReceivedAt().isAfter(known.receivedAt());
  }

  private static Instant receivedAt(Optional<Head> before, GithubEvent event) {
    Instant received = event.getReceivedAt();
    return before.map(Head::receivedAt).filter(received::isBefore).orElse(received);
  }

  /**
   * When the files got their content, as the push tells. A push that was forced can lead back to an
   * older commit, which replaces the newer ones nevertheless.
   */
  private static Instant changedAt(GithubEvent event, JsonNode push, JsonNode head) {
    return isForced(push) || !head.has("timestamp") ? event.getReceivedAt() : instant(head);
  }

  private static boolean isForced(JsonNode push) {
    return push.path("forced").asBoolean();
  }

  private JsonNode payload(GithubEvent event) {
    try {
      JsonNode payload = json.readTree(event.getPayload());
      if (payload.isObject()) {
        return payload;
      }
    } catch (JsonProcessingException e) {
      throw new WorkRejectedException("payload: expected a JSON object: " + e.getOriginalMessage());
    }
    throw new WorkRejectedException("payload: expected a JSON object");
  }

  /**
   * What the push does to each file in the end, by path.
   *
   * @param further where those led that follow the push and came before it: what they did counts
   *     too, as it may have been taken for older than what the push took back
   */
  private Map<String, Change> files(String repository, JsonNode push, Optional<String> further) {
    JsonNode commits = push.path("commits");
    if (further.isPresent() || isForced(push) || commits.size() >= MAX_LISTED_COMMITS) {
      try {
        return compared(
            repository, text(push, "before"), further.orElseGet(() -> text(push, "after")));
      } catch (RepositoryException e) {
        if (e.isRetriable()) {
          throw new UnavailableException(
              String.valueOf(e.getMessage()), e.retryAfter().orElse(null), e);
        }
        log.atWarn()
            .addKeyValue("repository", repository)
            .addKeyValue("reason", e.getMessage())
            .log("the commits of a push cannot be compared; taking the files it lists");
      }
    }
    return listed(commits);
  }

  private Map<String, Change> compared(String repository, String from, String to) {
    Map<String, Change> files = new TreeMap<>();
    for (ChangedFile file : repositories.repository(repository).changedFiles(from, to)) {
      files.put(file.path(), file.change());
    }
    return files;
  }

  /** Commits are listed the oldest first. */
  private static Map<String, Change> listed(JsonNode commits) {
    Map<String, Change> files = new TreeMap<>();
    for (JsonNode commit : commits) {
      commit.path("removed").forEach(path -> files.put(path.asText(), Change.REMOVED));
      commit
          .path("modified")
          .forEach(path ->
              files.merge(
                  path.asText(),
                  Change.MODIFIED,
                  (before, now) -> before == Change.ADDED ? before : now));
      commit
          .path("added")
          .forEach(path ->
              files.merge(
                  path.asText(),
                  Change.ADDED,
                  (before, now) -> before == Change.REMOVED ? Change.MODIFIED : now));
    }
    return files;
  }

  private DocumentChange change(
      GithubEvent event,
      String branch,
      String commit,
      Instant changedAt,
      String path,
      Change change) {
    return DocumentChange.newBuilder()
        .setDocumentUri(DocumentRef.githubUri(event.getRepository(), path))
        .setChange(
            switch (change) {
              case ADDED -> ChangeType.ADDED;
              case MODIFIED -> ChangeType.MODIFIED;
              case REMOVED -> ChangeType.REMOVED;
            })
        .setCategory(paths.category(path).orElse(null))
        .setRepository(event.getRepository())
        .setFilePath(path)
        .setBranch(branch)
        .setCommitSha(commit)
        .setCommittedAt(changedAt)
        .setRequestedBy(event.getSender())
        .setChangedAt(event.getReceivedAt())
        .build();
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new WorkRejectedException("payload: expected a text in '" + field + "' of a push");
    }
    return value.asText();
  }

  private static Instant instant(JsonNode commit) {
    String timestamp = text(commit, "timestamp");
    try {
      return OffsetDateTime.parse(timestamp).toInstant();
    } catch (DateTimeException e) {
      throw new WorkRejectedException(
          "payload: expected a time in 'timestamp' of a commit, found '" + timestamp + "'");
    }
  }
}
