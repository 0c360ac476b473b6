package dev.millrace.benchmarks.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.benchmarks.retrieval.BeirCollection.Document;
import dev.millrace.embedding.index.IndexRequest;
import dev.millrace.embedding.index.IndexRequest.Action;
import org.junit.jupiter.api.Test;

class CollectionIndexingTest {

  @Test
  void aDocumentWithoutATextIsFoundByItsTitle() {
    IndexRequest request = CollectionIndexing.request(new Document("d1", " The mill ", "  "));

    assertThat(request.action()).isEqualTo(new Action.Content("The mill", "text/plain"));
    assertThat(request.document().title()).isNull();
  }

  @Test
  void whatPostgresCannotHoldIsLeftOutOfADocument() {
    IndexRequest request =
        CollectionIndexing.request(new Document("a/b c", "The\0 mill", "It\0 grinds."));

    assertThat(request.action()).isEqualTo(new Action.Content("It grinds.", "text/plain"));
    assertThat(request.document().title()).isEqualTo("The mill");
    assertThat(CollectionIndexing.id(request.document().uri())).isEqualTo("a/b c");
  }
}
