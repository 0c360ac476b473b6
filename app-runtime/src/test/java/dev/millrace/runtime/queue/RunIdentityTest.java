package dev.millrace.runtime.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunIdentityTest {

  @Test
  void theBeginningOfTheHashIsReadOffTheIdOfARun() {
    String run = RunIdentity.of("task-1", 1);

    assertThat(RunIdentity.beginningOf(run)).contains(run.replace("-", "").substring(0, 12));
  }

  @Test
  void whatIsNoIdOfARunHasNoBeginning() {
    assertThat(RunIdentity.beginningOf("task-1")).isEmpty();
    assertThat(RunIdentity.beginningOf("0e7c2a4e-4a5c-4d5e-8f0e-2f4e7c1d9a10"))
        .as("a random id")
        .isEmpty();
  }

  @Test
  void theExpressionOfTheIndexIsAsItWasCreated() {
    assertThat(RunIdentity.beginningInSql("task_id"))
        .isEqualTo("left(md5('run' || chr(10) || task_id || chr(10) || '1'), 12)");
  }
}
