package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.it.AnalystsGuide.Question;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What {@code docs/analysts.md} says is so; with {@code -Dmillrace.docs.write=true} it is made so.
 */
@ExtendWith(WithMillrace.class)
class TwentyQuestionsIT {

  private static final boolean WRITES = Boolean.getBoolean("millrace.docs.write");

  private static final String DICTIONARY =
      """
      SELECT n.nspname || '.' || c.relname AS name, c.relkind = 'v' AS is_view,
             coalesce(obj_description(c.oid, 'pg_class'), '') AS about,
             a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS type,
             coalesce(col_description(c.oid, a.attnum), '') AS column_about
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname IN ('audit', 'public', 'knowledge')
        AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
        AND c.relname <> 'schema_history'
        AND has_table_privilege('millrace_analyst', c.oid, 'SELECT')
      ORDER BY n.nspname = 'audit', name, a.attnum
      """;

  record Column(String table, boolean isView, String about, String name, String type, String is) {}

  @Test
  void everyQuestionIsAnswered(Millrace millrace) throws IOException {
    AnalystsGuide guide = AnalystsGuide.read();
    List<Question> questions = guide.questions();
    assertThat(questions).hasSize(20);

    Map<String, String> different = new TreeMap<>();
    for (Question question : questions) {
      TextTable answer = TextTable.of(millrace.analyst(), question.sql());
      if (WRITES) {
        guide.answer(question, answer.print());
      } else if (!names(question.header()).equals(answer.columns())) {
        different.put(question.title(), answer.header());
      }
    }

    assertThat(different).as("questions whose columns are not those of the page").isEmpty();
    if (WRITES) {
      guide.write();
    }
  }

  private static List<String> names(String header) {
    return Arrays.stream(header.split(" *\\| *", -1)).map(String::strip).toList();
  }

  @Test
  void theDictionaryIsThatOfTheDatabase(Millrace millrace) throws IOException {
    List<Column> columns = columns(millrace.analyst());
    AnalystsGuide guide = AnalystsGuide.read();

    assertThat(columns)
        .as("columns and tables without a comment")
        .noneMatch(column -> column.about().isBlank() || column.is().isBlank());
    if (WRITES) {
      guide.define(print(columns));
      guide.write();
    } else {
      assertThat(guide.dictionary()).isEqualTo(print(columns));
    }
  }

  @Test
  void aLearnerSeesOnlyTheirOwnRows(Millrace millrace) {
    List<String> seen =
        millrace
            .owner()
            .inTransaction(handle -> {
              for (String learner : List.of("ada-of-the-rows", "bob-of-the-rows")) {
                handle.execute(
                    """
                    INSERT INTO learning_statuses (user_id, status, updated_at, trace_id)
                    VALUES (?, '{}', now(), 't')\
                    """,
                    learner);
              }
              handle.execute("GRANT millrace_learner TO CURRENT_USER");
              handle.execute("SET LOCAL ROLE millrace_learner");
              assertThat(learners(handle)).as("without a name").isEmpty();
              handle.execute("SET LOCAL millrace.user_id = 'ada-of-the-rows'");
              List<String> found = learners(handle);
              handle.rollback();
              return found;
            });

    assertThat(seen).containsExactly("ada-of-the-rows");
  }

  private static List<String> learners(org.jdbi.v3.core.Handle handle) {
    return handle.createQuery("SELECT user_id FROM learning_statuses").mapTo(String.class).list();
  }

  private static List<Column> columns(Jdbi jdbi) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(DICTIONARY)
            .map((row, context) ->
                new Column(
                    row.getString("name"),
                    row.getBoolean("is_view"),
                    row.getString("about"),
                    row.getString("column_name"),
                    row.getString("type"),
                    row.getString("column_about")))
            .list());
  }

  private static String print(List<Column> columns) {
    return columns.stream()
        .collect(
            Collectors.groupingBy(Column::table, java.util.LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(table -> {
          Column first = table.getValue().getFirst();
          return "\n### `%s`%s\n\n%s\n\n| column | type | is |\n|---|---|---|\n%s\n"
              .formatted(
                  table.getKey(),
                  first.isView() ? " (view)" : "",
                  first.about(),
                  table.getValue().stream()
                      .map(column ->
                          "| `%s` | `%s` | %s |"
                              .formatted(
                                  column.name(), column.type(), column.is().replace("|", "\\|")))
                      .collect(Collectors.joining("\n")));
        })
        .collect(Collectors.joining())
        .concat("\n");
  }
}
