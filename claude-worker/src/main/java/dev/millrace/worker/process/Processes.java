package dev.millrace.worker.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the processes of a run. Each carries the run's workspace in its environment, which it
 * passes on to whatever it starts: so those are found too that left their process group or lost
 * their parent.
 */
final class Processes {

  /** Variable that every process of a run has. */
  static final String MARK = "MILLRACE_WORKSPACE";

  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  /** This process: its number, and when it began, as numbers are used again. */
  static String identityOfThisProcess() {
    return identity(ProcessHandle.current());
  }

  /** Whether the process that an identity names is alive. */
  static boolean isAlive(String identity) {
    String pid = identity.strip().split(" ", 2)[0];
    return pid.matches("\\d{1,10}")
        && ProcessHandle.of(Long.parseLong(pid))
            .filter(ProcessHandle::isAlive)
            .map(Processes::identity)
            .filter(identity.strip()::equals)
            .isPresent();
  }

  private static String identity(ProcessHandle process) {
    return process.pid()
        + " "
        + process.info().startInstant().map(Object::toString).orElse("unknown");
  }

  /** Processes whose workspace this is, wherever they stand now. */
  static List<ProcessHandle> of(Path workspace) {
    byte[] mark = (MARK + "=" + workspace + '\0').getBytes(ISO_8859_1);
    List<ProcessHandle> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        if (carries(process, mark)) {
          Optional<ProcessHandle> handle =
              ProcessHandle.of(Long.parseLong(process.getFileName().toString()));
          handle.filter(ProcessHandle::isAlive).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      return found; // a system without /proc: the process group has to do
    }
    return found;
  }

  private static boolean carries(Path process, byte[] mark) {
    try {
      String environment = new String(Files.readAllBytes(process.resolve("environ")), ISO_8859_1);
      return ('\0' + environment).contains('\0' + new String(mark, ISO_8859_1));
    } catch (IOException e) {
      return false; // it is gone, or belongs to somebody else
    }
  }
}
