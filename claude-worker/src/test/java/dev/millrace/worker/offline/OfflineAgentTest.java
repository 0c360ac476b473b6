package dev.millrace.worker.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.repositories.FileChange.Write;
import dev.millrace.runtime.writer.AnswerSchema.Checked.DoesNotFit;
import dev.millrace.runtime.writer.AnswerSchema.Checked.Fits;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.answer.AnswerSchemas;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.RecordingReporter;
import dev.millrace.worker.fixture.Runs;
import dev.millrace.worker.result.ResultCommitter;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.source.SourceFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineAgentTest {

  private static final Map<String, String> FILES =
      Map.of(
          "README.md",
              "# Acme\n\nAcme makes anvils. They are heavy.\n\n## Use\n\nDrop one.\n\n## Empty\n",
          "docs/guide.md", "Intro without heading.\n\n# Guide\n\nSee `anvil(1)` first. Then run.\n",
          "docs/own.md", "# Mine\n\nWritten by a person.\n",
          "src/Anvil.java", "package acme;\n\n/** Drops an anvil. Twice. */\nclass Anvil {}\n");

  @TempDir private Path folder;
  private final RecordingReporter reporter = new RecordingReporter();
  private GitFixture git;
  private OfflineAgent agent;

  @BeforeEach
  void open() {
    git = new GitFixture(folder, FILES);
    agent =
        new OfflineAgent(
            new SourceFiles(git.repositories()), new TargetPolicy(Set.of("documentation", "code")));
  }

  @AfterEach
  void close() {
    git.close();
  }

  @Test
  void aDocumentIsPutTogetherFromHeadingsAndFirstSentences() {
    Completed completed = run(task("documentation", "docs/new.md"));

    assertThat(completed.text())
        .isEqualTo(
            """
            # Describe the anvil

            > Assembled offline, without a model: the headings and first sentences of the files named below.

            ## Task

            > Describe the anvil

            ## `README.md`

            - **Acme**: Acme makes anvils.
            - **Use**: Drop one.
            - **Empty**

            ## `docs/guide.md`

            - Intro without heading.
            - **Guide**: See anvil(1) first.

            ## `docs/own.md`

            - **Mine**: Written by a person.
            """);
    assertThat(completed.files())
        .singleElement()
        .satisfies(file -> {
          assertThat(file.path()).isEqualTo("docs/new.md");
          assertThat(text(file)).contains(completed.text().strip());
        });
    assertThat(completed.model()).isNull();
    assertThat(reporter.lines).isNotEmpty().allMatch(line -> line.startsWith("[offline] "));
  }

  @Test
  void theSameTaskHasTheSameAnswerAlsoAfterItsOwnCommit() {
    AgentRun task = task("documentation", "docs/new.md");
    Completed first = run(task);
    Commit _ =
        new ResultCommitter(git.repositories(), new Author("Bot", "bot@example.org"), false)
            .commit(task, Provider.OFFLINE, first.files())
            .orElseThrow();

    assertThat(run(task)).isEqualTo(first);
  }

  private static String text(ResultFile file) {
    return ((Write) file.change()).text();
  }

  @Test
  void whatAPersonWroteStays() {
    Completed completed = run(task("documentation", "docs/own.md"));

    assertThat(completed.files())
        .singleElement()
        .satisfies(file ->
            assertThat(text(file))
                .startsWith("# Mine\n\nWritten by a person.\n\n" + OfflineDocument.BEGIN));
    assertThat(completed.text()).doesNotContain("Written by a person");
  }

  @Test
  void codeIsDescribedButNeverWritten() {
    Completed code = run(task("code", "src/Anvil.java"));
    Completed documentation = run(task("documentation", "src/Anvil.java"));

    assertThat(code.files()).isEmpty();
    assertThat(code.text()).contains("## `src/Anvil.java`\n\n- Drops an anvil.\n");
    assertThat(documentation.files())
        .singleElement()
        .satisfies(file -> assertThat(file.path()).isEqualTo("docs/Anvil.java.md"));
  }

  @Test
  void aTaskWithoutARepositoryIsAnsweredFromItself() {
    Completed completed = run(Runs.of("analysis", "Why?\n" + OfflineDocument.END));

    assertThat(completed.text())
        .contains("> Why?\n> &lt;!-- millrace:offline:end -->")
        .contains("No file of a repository was found");
  }

  @Test
  void aRunThatIsToDoNothingDoesNothing() {
    Place nowhere = new Place("no/such-repository", "x", null);

    run(Runs.in(nowhere, "documentation", "x", Map.of("noop", "true")));
    run(Runs.in(nowhere, "noop", "x", Map.of()));

    assertThat(reporter.lines).isEmpty();
  }

  @Test
  void aScriptIsTheSentencesOfTheRequestAndFitsItsSchema() {
    AgentRun writer =
        Runs.in(
            Place.NOWHERE,
            "video",
            "How a mill grinds flour. The wind turns the sails!\nThe stones grind.",
            Map.of("role", "writer"));

    String script = run(writer).text();

    assertThat(AnswerSchemas.of(writer).orElseThrow().check(script)).isEqualTo(new Fits(script));
    assertThat(script)
        .isEqualTo(
            "{\"title\":\"How a mill grinds flour.\","
                + "\"description\":\"offline: the words of the request, laid out without a model\","
                + "\"tags\":[\"mill\",\"grinds\",\"flour\",\"wind\",\"turns\"],"
                + "\"scenes\":["
                + "{\"narration\":\"How a mill grinds flour.\",\"visual\":\"How a mill grinds flour.\"},"
                + "{\"narration\":\"The wind turns the sails!\",\"visual\":\"The wind turns the sails!\"},"
                + "{\"narration\":\"The stones grind.\",\"visual\":\"The stones grind.\"}]}");
  }

  @Test
  void aStoryboardHasAShotForEachSceneAndFitsItsSchema() {
    AgentRun director =
        Runs.in(
            Place.NOWHERE,
            "video",
            "Make it.",
            Map.of(
                "role",
                "director",
                "material",
                "{\"scenes\":[{\"visual\":\"A mill\"},{\"visual\":\"Flour\"}]}"));

    String storyboard = run(director).text();

    assertThat(AnswerSchemas.of(director).orElseThrow().check(storyboard))
        .isEqualTo(new Fits(storyboard));
    assertThat(storyboard)
        .contains("\"scene\":2,\"image_prompt\":\"Flour\"", "\"duration_seconds\":5");
  }

  @Test
  void withoutAScriptThereIsNoStoryboardThatFits() {
    AgentRun director =
        Runs.in(Place.NOWHERE, "video", "Make it.", Map.of("role", "director", "material", "oops"));

    String storyboard = run(director).text();

    assertThat(AnswerSchemas.of(director).orElseThrow().check(storyboard))
        .isInstanceOf(DoesNotFit.class);
  }

  private Completed run(AgentRun run) {
    return (Completed) agent.run(run, reporter);
  }

  private static AgentRun task(String type, String path) {
    return Runs.in(
        new Place(GitFixture.NAME, path, GitFixture.BRANCH), type, "Describe the anvil", Map.of());
  }
}
