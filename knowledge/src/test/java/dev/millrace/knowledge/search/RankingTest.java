package dev.millrace.knowledge.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.knowledge.search.SearchHit.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {

  private static Candidate candidate(long id, String source, double similarity, double text) {
    return new Candidate(
        id,
        source,
        null,
        null,
        null,
        "chunk " + id,
        new Place(List.of(), (int) id, 9, 1, 1, null),
        null,
        false,
        similarity,
        text);
  }

  private static final List<Candidate> CANDIDATES =
      List.of(
          candidate(1, "a", 0.9, 0),
          candidate(2, "b", 0.8, 7),
          candidate(3, "c", 0.1, 8),
          candidate(4, "b", 0.7, 6));

  private static List<SearchHit> ranked(SearchRequest request) {
    return new Ranking(CANDIDATES, request, Personalization.NONE).hits();
  }

  @Test
  void whatBothRankingsHaveNearTheTopComesFirst() {
    List<SearchHit> hits = ranked(SearchRequest.of("mill", 10));

    assertThat(hits).extracting(SearchHit::content).startsWith("chunk 2");
    assertThat(hits.getFirst().relevance().vectorRank()).isEqualTo(2);
    assertThat(hits.getFirst().relevance().textRank()).isEqualTo(2);
    assertThat(hits).hasSize(4);
  }

  @Test
  void aSearchOfOneKindRanksByItsOwnMeasure() {
    assertThat(ranked(SearchRequest.of("mill", 10).in(SearchMode.VECTOR)))
        .extracting(SearchHit::content)
        .containsExactly("chunk 1", "chunk 2", "chunk 4", "chunk 3");
    assertThat(ranked(SearchRequest.of("mill", 10).in(SearchMode.TEXT)))
        .extracting(SearchHit::content)
        .containsExactly("chunk 3", "chunk 2", "chunk 4");
  }

  @Test
  void aDocumentIsShownByItsBestChunk() {
    assertThat(ranked(SearchRequest.of("mill", 10).byDocument()))
        .extracting(SearchHit::content)
        .containsExactlyInAnyOrder("chunk 1", "chunk 2", "chunk 3");
  }

  @Test
  void noMoreHitsThanAskedFor() {
    assertThat(ranked(SearchRequest.of("mill", 2))).hasSize(2);
  }

  @Test
  void aPassageThatIsFarNearerComesFirstWhateverItsPlaceByWords() {
    List<Candidate> near =
        List.of(candidate(1, "a", 0.9, 2), candidate(2, "b", 0.1, 3), candidate(3, "c", 0, 2.5));

    assertThat(new Ranking(near, SearchRequest.of("mill", 10), Personalization.NONE).hits())
        .extracting(SearchHit::content)
        .startsWith("chunk 1");
  }

  @Test
  void withoutAWordInCommonTheVectorsDecide() {
    List<Candidate> wordless = List.of(candidate(1, "a", 0.2, 0), candidate(2, "b", 0.3, 0));

    assertThat(new Ranking(wordless, SearchRequest.of("mill", 10), Personalization.NONE).hits())
        .extracting(SearchHit::content)
        .containsExactly("chunk 2", "chunk 1");
  }
}
