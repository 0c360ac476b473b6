package dev.millrace.repositories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.fixture.ScratchGit;
import dev.millrace.repositories.CommitRequest.Author;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/** A checkout with one commit on {@code main}, and a bare clone of it. */
final class LocalGit {

  static final Author AUTHOR = new Author("Documentation agent", "agent@example.org");

  final Path checkout;
  final Path bare;

  LocalGit(Path folder) throws IOException {
    checkout = Files.createDirectory(folder.resolve("checkout"));
    bare = folder.resolve("bare.git");
    Files.writeString(checkout.resolve("run.sh"), "#!/bin/sh\n");
    assertThat(checkout.resolve("run.sh").toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(checkout.resolve("outside"), Path.of("/etc"));
    ScratchGit.checkout(checkout, Map.of("docs/guide.md", "# Guide\n")).close();
    ScratchGit.bareClone(checkout, bare).close();
  }

  static Repository local(Path path) {
    return new LocalRepository("acme/site", path);
  }

  static CommitRequest request(@Nullable String branch, String taskId, Map<String, String> files) {
    return new CommitRequest(branch, "Write the guide\n", files, taskId, AUTHOR);
  }

  static CommitRequest changing(String taskId, Map<String, FileChange> files) {
    return new CommitRequest(null, "Tidy up\n", files, taskId, AUTHOR, false, null);
  }

  static String text(Repository repository, @Nullable String ref) {
    return text(repository, "docs/guide.md", ref);
  }

  static String text(Repository repository, String path, @Nullable String ref) {
    return new String(repository.read(path, ref).orElseThrow().content(), UTF_8);
  }

  static List<RevCommit> log(Path path, String branch) throws Exception {
    try (Git git = Git.open(path.toFile())) {
      List<RevCommit> commits = new ArrayList<>();
      git.log().add(git.getRepository().resolve(branch)).call().forEach(commits::add);
      return commits;
    }
  }
}
