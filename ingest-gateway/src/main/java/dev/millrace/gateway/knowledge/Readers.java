package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.auth.Person;
import dev.millrace.knowledge.search.Reader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users of the gateway as readers of the knowledge base. */
final class Readers {

  private Readers() {}

  static @Nullable Reader of(Optional<Person> person) {
    return person.map(user -> new Reader(user.userId(), user.tenant())).orElse(null);
  }
}
