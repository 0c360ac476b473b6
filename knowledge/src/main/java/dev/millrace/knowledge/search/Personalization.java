package dev.millrace.knowledge.search;

import dev.millrace.knowledge.search.SearchHit.Influence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a reader wants to find more, or less, of: stated and learned preferences, and ratings. Each
 * that fits a passage adds to its influence, and the score of the passage is multiplied by one more
 * than their sum. With a preference of full weight, a passage comes before others that are up to
 * about three places better; no personalization makes a passage fit a question that it does not
 * fit.
 *
 * @param preferences in no order
 * @param ratings in no order
 */
record Personalization(List<Preference> preferences, List<Rating> ratings) {

  /** Of nobody: nothing is moved. */
  static final Personalization NONE = new Personalization(List.of(), List.of());

  /** Most that all influences together add, or take away. */
  static final double MAX_EFFECT = 0.6;

  /** What a preference of weight 1 adds. */
  private static final double PREFERENCE_EFFECT = 0.3;

  /** What a rating of 5 adds to the document that it is of. */
  private static final double DOCUMENT_EFFECT = 0.3;

  /** What a rating of 5 adds to each document of a project. */
  private static final double PROJECT_EFFECT = 0.15;

  private static final int NEUTRAL_RATING = 3;
  private static final double RATING_STEPS = 2;

  /**
   * A preference.
   *
   * @param kind {@code category}, {@code repository} or {@code source}
   * @param weight -1 to 1
   */
  record Preference(String kind, String value, double weight, boolean learned) {}

  /**
   * A rating.
   *
   * @param project the project; a repository stands for its documents
   * @param document URI of the document, if the rating is of one
   * @param stars 1 to 5
   */
  record Rating(String project, @Nullable String document, int stars) {}

  Personalization {
    preferences = List.copyOf(preferences);
    ratings = List.copyOf(ratings);
  }

  boolean isNone() {
    return preferences.isEmpty() && ratings.isEmpty();
  }

  /** What moves a passage, and why. */
  List<Influence> influences(Candidate passage) {
    List<Influence> influences = new ArrayList<>();
    for (Preference preference : preferences) {
      if (preference.value().equals(field(passage, preference.kind()))) {
        String reason =
            "%s %s %s %s"
                .formatted(
                    preference.learned() ? "from ratings:" : "stated:",
                    preference.weight() < 0 ? "less of" : "more of",
                    preference.kind(),
                    preference.value());
        influences.add(new Influence(reason, PREFERENCE_EFFECT * preference.weight()));
      }
    }
    for (Rating rating : ratings) {
      double liking = (rating.stars() - NEUTRAL_RATING) / RATING_STEPS;
      if (passage.source().equals(rating.document())) {
        influences.add(
            new Influence(
                String.format(Locale.ROOT, "rated %d of 5", rating.stars()),
                DOCUMENT_EFFECT * liking));
      } else if (rating.document() == null && rating.project().equals(passage.repository())) {
        influences.add(
            new Influence(
                String.format(Locale.ROOT, "%s is rated %d of 5", rating.project(), rating.stars()),
                PROJECT_EFFECT * liking));
      }
    }
    return influences.stream().filter(influence -> influence.effect() != 0).toList();
  }

  private static @Nullable String field(Candidate passage, String kind) {
    return switch (kind) {
      case "category" -> passage.category();
      case "repository" -> passage.repository();
      case "source" -> passage.source();
      default -> null;
    };
  }

  /**
   * A score as these influences leave it.
   *
   * @param score may be negative, as cosines are
   */
  static double moved(double score, List<Influence> influences) {
    double sum = influences.stream().mapToDouble(Influence::effect).sum();
    double effect = Math.clamp(sum, -MAX_EFFECT, MAX_EFFECT);
    return score + Math.abs(score) * effect;
  }
}
