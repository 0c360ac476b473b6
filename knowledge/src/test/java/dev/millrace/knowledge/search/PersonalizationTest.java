package dev.millrace.knowledge.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.knowledge.search.Personalization.Preference;
import dev.millrace.knowledge.search.Personalization.Rating;
import dev.millrace.knowledge.search.SearchHit.Influence;
import dev.millrace.knowledge.search.SearchHit.Place;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PersonalizationTest {

  /** Twenty passages, each a bit better than the next; those of even number are of "food". */
  private static final List<Candidate> PASSAGES =
      IntStream.range(0, 20).mapToObj(PersonalizationTest::passage).toList();

  private static Candidate passage(int number) {
    return new Candidate(
        number,
        "doc://" + number,
        null,
        number % 2 == 0 ? "food" : "tools",
        number % 5 == 4 ? "acme/mill" : null,
        "passage " + number,
        new Place(List.of(), number, 20, 1, 1, null),
        null,
        false,
        0.9 - 0.01 * number,
        20.0 - number);
  }

  private static List<SearchHit> ranked(SearchMode mode, Personalization personalization) {
    return new Ranking(PASSAGES, SearchRequest.of("mill", 20).in(mode), personalization).hits();
  }

  private static int place(List<SearchHit> hits, int number) {
    return IntStream.range(0, hits.size())
        .filter(i -> hits.get(i).source().equals("doc://" + number))
        .findFirst()
        .orElseThrow();
  }

  private static Personalization prefers(String kind, String value, double weight) {
    return new Personalization(List.of(new Preference(kind, value, weight, false)), List.of());
  }

  @ParameterizedTest
  @EnumSource(SearchMode.class)
  void whatIsPreferredComesForwardAndSaysWhy(SearchMode mode) {
    // given
    List<SearchHit> before = ranked(mode, Personalization.NONE);

    // when
    List<SearchHit> after = ranked(mode, prefers("category", "tools", 1));

    // then
    assertThat(place(after, 7)).isLessThan(place(before, 7));
    SearchHit moved = after.get(place(after, 7));
    assertThat(moved.relevance().influences())
        .containsExactly(new Influence("stated: more of category tools", 0.3));
    assertThat(moved.score()).isCloseTo(1.3 * before.get(place(before, 7)).score(), within(1e-9));
    assertThat(after.get(place(after, 0)).relevance().influences()).isEmpty();
  }

  @Test
  void whatIsWantedLessGoesBack() {
    List<SearchHit> after = ranked(SearchMode.HYBRID, prefers("source", "doc://0", -1));

    assertThat(place(after, 0)).isGreaterThan(0);
  }

  @Test
  void ratingsMoveADocumentAndLessSoAllOfAProject() {
    Personalization personalization =
        new Personalization(
            List.of(),
            List.of(
                new Rating("p", "doc://3", 5),
                new Rating("p", "doc://5", 3),
                new Rating("acme/mill", null, 1)));

    List<SearchHit> hits = ranked(SearchMode.VECTOR, personalization);

    assertThat(hits.getFirst().source()).isEqualTo("doc://3");
    assertThat(hits.getFirst().relevance().influences())
        .containsExactly(new Influence("rated 5 of 5", 0.3));
    assertThat(hits.get(place(hits, 5)).relevance().influences()).isEmpty();
    assertThat(hits.get(place(hits, 4)).relevance().influences())
        .containsExactly(new Influence("acme/mill is rated 1 of 5", -0.15));
  }

  @Test
  void nothingMovesAScoreByMoreThanTheLimitOrAcrossZero() {
    List<Influence> many = List.of(new Influence("a", 0.3), new Influence("b", 0.9));

    assertThat(Personalization.moved(10, many)).isCloseTo(16, within(1e-9));
    assertThat(Personalization.moved(-0.5, many)).isNegative().isGreaterThan(-0.5);
    assertThat(Personalization.moved(0, many)).isZero();
  }
}
