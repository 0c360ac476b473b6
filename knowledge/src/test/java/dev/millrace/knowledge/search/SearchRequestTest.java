package dev.millrace.knowledge.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SearchRequestTest {

  @Test
  void aRequestThatMakesNoSenseNamesTheField() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SearchRequest.of(" ", 5))
        .withMessageStartingWith("query");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SearchRequest.of("mill", 0))
        .withMessageStartingWith("limit");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SearchRequest.of("mill", 201))
        .withMessageStartingWith("limit");
  }

  @Test
  void oneFilterMakesItFiltered() {
    assertThat(SearchRequest.of("mill", 5).filter().isEmpty()).isTrue();
    assertThat(new SearchRequest.Filter("blueprints", null, null).isEmpty()).isFalse();
  }
}
