package dev.millrace.remediation.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandHookTest {

  private static final HookCall CALL =
      new HookCall("c-1", "email-blast", "restart_service", Map.of());
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Hooks hooks = new Hooks("remediation-executor");

  @TempDir private Path folder;

  @Test
  void aCommandKnowsWhatItIsCalledForAndNothingElse() throws Exception {
    HookResult result =
        run("echo $MILLRACE_PROJECT $MILLRACE_ACTION $MILLRACE_COMMAND_ID; env | sort", LONG);

    assertThat(result.succeeded()).isTrue();
    assertThat(result.code()).isZero();
    assertThat(result.output()).startsWith("email-blast restart_service c-1\n");
    assertThat(result.output().lines().filter(line -> line.contains("=")))
        .allMatch(line ->
            line.matches(
                "(MILLRACE_\\w+|PATH|HOME|USER|LANG|LC_ALL|TZ|TMPDIR|PWD|_|OLDPWD|SHLVL)=.*"));
  }

  @Test
  void argumentsReachTheProgramAsTheyAre() throws Exception {
    HookResult result =
        hooks.run(new Hook.RunCommand(List.of("echo", "$HOME; ls", "*"), LONG, false), CALL);

    assertThat(result.output()).isEqualTo("$HOME; ls *");
  }

  @Test
  void anExitCodeOtherThanZeroIsAFailure() throws Exception {
    HookResult result = run("echo stopping; echo nothing to restart; exit 3", LONG);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.reason()).isEqualTo("ended with exit code 3: nothing to restart");
    assertThat(result.output()).isEqualTo("stopping\nnothing to restart");
  }

  @Test
  void aProgramThatIsNotThereIsAFailure() throws Exception {
    HookResult result =
        hooks.run(new Hook.RunCommand(List.of("/no/such/program"), LONG, false), CALL);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.output()).contains("/no/such/program");
  }

  @Test
  void aCommandThatIgnoresItsEndIsEndedWithItsChildren() throws Exception {
    HookResult result =
        run(
            """
            trap '' TERM
            (trap '' TERM; while true; do sleep 1; done) & echo $! > child
            setsid sleep 300 & echo $! > escaped
            while true; do sleep 1; done
            """,
            Duration.ofSeconds(1));

    assertThat(result.succeeded()).isFalse();
    assertThat(result.reason()).isEqualTo("did not end within 1000 ms");
    await().until(() -> !isAlive("child") && !isAlive("escaped"));
  }

  @Test
  void aServiceThatACommandStartsGoesOn() throws Exception {
    HookResult result = run("sleep 300 > /dev/null 2>&1 & echo $! > service", LONG);

    assertThat(result.succeeded()).isTrue();
    assertThat(isAlive("service")).isTrue();
    ProcessHandle.of(pid("service")).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void onlyTheEndOfALongOutputIsKept() throws Exception {
    HookResult result = run("yes line | head -n 100000; echo the end", LONG);

    assertThat(result.output().length()).isLessThanOrEqualTo(Output.MAX_BYTES + 2);
    assertThat(result.output()).startsWith("…\nline").endsWith("the end");
  }

  @Test
  void credentialsInTheOutputAreTakenOut() throws Exception {
    HookResult result = run("echo password=not-a-real-one", LONG);

    assertThat(result.output()).doesNotContain("not-a-real-one").contains("[redacted]");
  }

  @Test
  void anInterruptedCommandIsEnded() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    Path script = script("echo $$ > self; while true; do sleep 1; done");
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                hooks.run(command(script, LONG), CALL);
              } catch (InterruptedException e) {
                interrupted.set(true);
              }
            });
    await().until(() -> Files.exists(folder.resolve("self")) && isAlive("self"));

    thread.interrupt();

    await().untilTrue(interrupted);
    await().until(() -> !isAlive("self"));
  }

  private HookResult run(String script, Duration timeout) throws IOException, InterruptedException {
    return hooks.run(command(script(script), timeout), CALL);
  }

  private Hook.RunCommand command(Path script, Duration timeout) {
    return new Hook.RunCommand(List.of("/bin/sh", script.toString()), timeout, false);
  }

  private Path script(String text) throws IOException {
    return Files.writeString(folder.resolve("hook.sh"), "cd '" + folder + "'\n" + text + "\n");
  }

  private boolean isAlive(String pidFile) throws IOException {
    return ProcessHandle.of(pid(pidFile)).map(ProcessHandle::isAlive).orElse(false);
  }

  private long pid(String pidFile) throws IOException {
    String text = Files.readString(folder.resolve(pidFile)).strip();
    return text.isEmpty() ? Long.MAX_VALUE : Long.parseLong(text);
  }
}
