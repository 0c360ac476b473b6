package dev.millrace.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.runtime.process.ProcessGroup.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessGroupTest {

  @Test
  void aGroupEndsWithWhatItStarted() throws Exception {
    // given
    Process leader = start("sleep 600 & echo $!; wait");
    ProcessHandle child = ProcessHandle.of(Long.parseLong(firstLine(leader))).orElseThrow();
    ProcessGroup group = new ProcessGroup(leader);

    // when
    boolean signalled = group.signal(Signal.TERM);

    // then
    assertThat(signalled).isTrue();
    await().until(() -> !leader.isAlive() && !child.isAlive());
  }

  @Test
  void whatDoesNotListenIsKilled() throws Exception {
    // given
    Process leader = start("trap '' TERM; echo ready; while :; do sleep 0.05; done");
    firstLine(leader);
    ProcessGroup group = new ProcessGroup(leader);
    group.signal(Signal.TERM);

    // when
    boolean signalled = group.signal(Signal.KILL);

    // then
    assertThat(signalled).isTrue();
    await().until(() -> !leader.isAlive());
  }

  @Test
  void aGroupThatIsGoneIsNotSignalled() throws Exception {
    // given
    Process leader = start("exit 0");
    leader.waitFor();

    // when
    boolean signalled = new ProcessGroup(leader).signal(Signal.KILL);

    // then
    assertThat(signalled).isFalse();
  }

  private static Process start(String script) throws IOException {
    return new ProcessBuilder(ProcessGroup.leading(List.of("sh", "-c", script))).start();
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader lines = process.inputReader();
    return lines.readLine();
  }
}
