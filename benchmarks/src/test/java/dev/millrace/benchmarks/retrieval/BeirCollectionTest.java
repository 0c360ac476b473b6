package dev.millrace.benchmarks.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeirCollectionTest {

  @Test
  void aCollectionIsReadAsBeirWritesIt() throws IOException {
    BeirCollection collection = BeirCollection.open(Path.of("collections/mill"));
    List<BeirCollection.Document> documents = new ArrayList<>();

    collection.documents(documents::add);

    assertThat(documents).hasSize(24).allSatisfy(d -> assertThat(d.text()).isNotBlank());
    assertThat(collection.queries()).hasSize(16).containsEntry("q3", "ERR-7742");
    assertThat(collection.grades("q4")).containsEntry("err7731", 2).containsEntry("hopper", 1);
  }

  @Test
  void aFolderThatIsNoCollectionIsRefusedByTheFileItLacks(@TempDir Path folder) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BeirCollection.open(folder))
        .withMessageContaining("corpus.jsonl");
  }

  @Test
  void whatOthersWriteALittleDifferentlyIsReadAsWell(@TempDir Path folder) throws IOException {
    write(
        folder,
        """
        \uFEFF{"_id": "a/b c", "text": "no title", "metadata": {"url": "x"}}

        {"_id": 7, "title": null, "text": ""}
        """,
        "{\"_id\": \"q 1\", \"text\": \"graded\"}\r\n{\"_id\": \"q2\", \"text\": \"not graded\"}\r\n",
        "\uFEFFq 1\ta/b c\t2\r\nq 1\t7\t0\r\n\r\n");
    List<BeirCollection.Document> documents = new ArrayList<>();

    BeirCollection collection = BeirCollection.open(folder);
    collection.documents(documents::add);

    assertThat(documents)
        .containsExactly(
            new BeirCollection.Document("a/b c", "", "no title"),
            new BeirCollection.Document("7", "", ""));
    assertThat(collection.queries()).containsOnlyKeys("q 1");
    assertThat(collection.grades("q 1")).containsEntry("a/b c", 2).containsEntry("7", 0);
  }

  @Test
  void aGradeThatCannotBeReadIsNotLeftOutSilently(@TempDir Path folder) throws IOException {
    write(folder, "", "", "query-id\tcorpus-id\tscore\nq1 a 1\n");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> BeirCollection.open(folder))
        .withMessageContaining("line 2 of " + folder.resolve("qrels/test.tsv"));
  }

  @Test
  void aDocumentWithoutAnIdIsRefusedByItsLine(@TempDir Path folder) throws IOException {
    write(folder, "{\"text\": \"x\"}\n", "", "");
    BeirCollection collection = BeirCollection.open(folder);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> collection.documents(_ -> {}))
        .withMessageContaining("_id")
        .withMessageContaining("line 1");
  }

  private static void write(Path folder, String corpus, String queries, String grades)
      throws IOException {
    Files.writeString(folder.resolve("corpus.jsonl"), corpus);
    Files.writeString(folder.resolve("queries.jsonl"), queries);
    Files.createDirectory(folder.resolve("qrels"));
    Files.writeString(folder.resolve("qrels/test.tsv"), grades);
  }
}
