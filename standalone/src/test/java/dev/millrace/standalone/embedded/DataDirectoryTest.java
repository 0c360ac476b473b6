package dev.millrace.standalone.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {
  @TempDir Path folder;

  @Test
  void secretsAreReadableByTheirOwnerOnlyAndStayTheSame() throws Exception {
    Credentials first;
    try (DataDirectory data = DataDirectory.open(folder)) {
      first = data.credentials();
    }

    try (DataDirectory data = DataDirectory.open(folder)) {
      assertThat(data.credentials()).isEqualTo(first);
    }
    assertThat(first.get(Credentials.API_KEY)).matches("[A-Za-z0-9_-]{43}");
    assertThat(first.toString()).doesNotContain(first.get(Credentials.API_KEY));
    assertThat(Files.getPosixFilePermissions(folder.resolve("credentials.env")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  /** Two that make it at the same time: one of them fails. */
  @Test
  void streamAppsFindTheFolderOfTheirStores() {
    try (DataDirectory data = DataDirectory.open(folder)) {
      assertThat(data.root().resolve(DataDirectory.STATE)).isDirectory();
    }
  }

  @Test
  void aSecretThatIsMissingIsAddedAndTheOthersStay() throws Exception {
    Files.writeString(folder.resolve("credentials.env"), "MILLRACE_API_KEY=not-a-real-key\n");

    try (DataDirectory data = DataDirectory.open(folder)) {
      assertThat(data.credentials().get(Credentials.API_KEY)).isEqualTo("not-a-real-key");
      assertThat(data.credentials().get(Credentials.JWT_SECRET)).isNotEmpty();
    }
  }

  @Test
  void secretsOfTheGatewayThatAreGivenAreKeptAndPasswordsStay() {
    try (DataDirectory data = DataDirectory.open(folder, Map.of("MILLRACE_API_KEY", " "))) {
      assertThat(data.credentials().get(Credentials.API_KEY)).hasSize(43);
    }
    Map<String, String> given =
        Map.of("MILLRACE_API_KEY", "not-a-real-key", "DATABASE_PASSWORD", "another");
    try (DataDirectory _ = DataDirectory.open(folder, given)) {
      assertThat(Credentials.load(folder).get(Credentials.API_KEY)).isEqualTo("not-a-real-key");
    }
    try (DataDirectory data = DataDirectory.open(folder)) {
      assertThat(data.credentials().get(Credentials.API_KEY)).isEqualTo("not-a-real-key");
      assertThat(data.credentials().get(Credentials.DATABASE_PASSWORD)).hasSize(43);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "it's a $(secret) of \\two \"words\" # and more",
        "'quoted'",
        "'",
        "~/`id`;&|<>*?!{}",
        "p=a+s/s:w@o%rd,1.2-3_4"
      })
  void aSecretThatIsGivenIsTheSameToAShellThatReadsTheFile(String secret) throws Exception {
    // given
    DataDirectory.open(folder, Map.of("MILLRACE_API_KEY", secret)).close();

    // when
    Process shell =
        new ProcessBuilder("sh", "-c", ". ./credentials.env && printf %s \"$MILLRACE_API_KEY\"")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();

    // then
    assertThat(shell.inputReader(UTF_8).readAllAsString()).isEqualTo(secret);
    assertThat(Credentials.load(folder).get(Credentials.API_KEY)).isEqualTo(secret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb=c", "a\n", "a\r"})
  void aSecretThatIsMoreThanALineIsRefused(String secret) {
    assertThatThrownBy(() -> DataDirectory.open(folder, Map.of("MILLRACE_API_KEY", secret)))
        .isInstanceOf(StackException.class)
        .hasMessage("MILLRACE_API_KEY: expected one line without its end, found more");
  }

  @Test
  void aDirectoryHasAHolderWhileItIsOpen() {
    try (DataDirectory _ = DataDirectory.open(folder)) {
      assertThat(DataDirectory.holder(folder)).contains(ProcessHandle.current());
    }

    assertThat(DataDirectory.holder(folder)).isEmpty();
  }

  @Test
  void aProcessThatWasKilledHoldsNothingThoughAnotherHasItsId() throws IOException {
    Files.writeString(folder.resolve("lock"), Long.toString(ProcessHandle.current().pid()));

    assertThat(DataDirectory.holder(folder)).isEmpty();
    assertThat(DataDirectory.holder(folder.resolve("nowhere"))).isEmpty();
  }

  @Test
  void whoMayNotLookIsNotToldThatNothingRuns() throws IOException {
    DataDirectory.open(folder).close();
    Path lock = folder.resolve("lock");
    Files.setPosixFilePermissions(lock, Set.of());
    assumeThat(Files.isReadable(lock)).as("root reads everything").isFalse();

    assertThatThrownBy(() -> DataDirectory.holder(folder))
        .isInstanceOf(StackException.class)
        .hasMessage(
            "the data directory %s is another user's: permission is denied for %s"
                .formatted(folder, lock));
  }

  @Test
  void chosenPortsAreRememberedAndAskedForOnesWin() {
    try (DataDirectory data = DataDirectory.open(folder)) {
      Ports first = data.ports(Ports.ALL_CHOSEN);
      Ports second = data.ports(new Ports(12_345, Ports.ANY, Ports.ANY, Ports.ANY));

      assertThat(second)
          .isEqualTo(
              new Ports(12_345, first.kafkaController(), first.registry(), first.postgres()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nine", "-1", "65536", ""})
  void aRememberedPortThatIsNoneIsNamed(String port) throws IOException {
    Path file = Files.writeString(folder.resolve("ports.properties"), "registry=" + port);

    try (DataDirectory data = DataDirectory.open(folder)) {
      assertThatThrownBy(() -> data.ports(Ports.ALL_CHOSEN))
          .isInstanceOf(StackException.class)
          .hasMessage(
              "expected a port from 0 to 65535 for registry in %s, found '%s'; without the line, one"
                      .formatted(file, port)
                  + " is chosen");
    }
  }

  @Test
  void whatALinkLeadsToIsErasedAndTheLinkStays() throws IOException {
    // given
    Path there = Files.createDirectory(folder.resolve("on-another-disk"));
    Path link = Files.createSymbolicLink(folder.resolve("data"), there);
    DataDirectory.open(link).close();
    assertThat(there).isNotEmptyDirectory();

    // when
    DataDirectory.erase(link);

    // then
    assertThat(link).isSymbolicLink();
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void aDatabaseThatALinkLeadsToIsErasedToo() throws IOException {
    // given
    Path database = Files.createDirectories(folder.resolve("elsewhere/database"));
    Files.createFile(database.resolve("PG_VERSION"));
    Path data = folder.resolve("data");
    DataDirectory.open(data).close();
    Files.createSymbolicLink(data.resolve("postgres"), Path.of("../elsewhere/database"));

    // when
    DataDirectory.erase(data);

    // then
    assertThat(data).isEmptyDirectory();
    assertThat(database).doesNotExist();
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsRefusedInWords() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> DataDirectory.open(file))
        .isInstanceOf(StackException.class)
        .hasMessage(
            "the data directory %s cannot be used: %s is a file, where a folder is expected"
                .formatted(file, file));
  }

  @Test
  void aDirectoryThatCannotBeMadeIsRefusedInWords() {
    assertThatThrownBy(() -> DataDirectory.open(Path.of("/proc/nope")))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("/proc/nope")
        .hasMessageNotContaining("Exception");
  }

  @Test
  void credentialsThatAreNoTextAreNamed() throws IOException {
    Files.write(folder.resolve("credentials.env"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    assertThatThrownBy(() -> DataDirectory.open(folder))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("credentials.env")
        .hasMessageNotContaining("Exception");
  }

  @Test
  void aTakenPortIsNamedWithItsOwner() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Ports.requireFree(socket.getLocalPort(), "Kafka"))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("port " + socket.getLocalPort() + " of Kafka is taken");
    }
  }
}
