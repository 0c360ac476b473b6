package dev.millrace.benchmarks.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
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
}
