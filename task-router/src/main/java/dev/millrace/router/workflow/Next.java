package dev.millrace.router.workflow;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is done with a flow: an agent is started, or the flow ends. */
public enum Next {
  STARTER(Role.STARTER),
  CODING(Role.CODING),
  REVIEWER(Role.REVIEWER),
  MERGER(Role.MERGER),
  DEPLOYER(Role.DEPLOYER),
  VERIFIER(Role.VERIFIER),
  AUDITOR(Role.AUDITOR),
  WRITER(Role.WRITER),
  DIRECTOR(Role.DIRECTOR),
  PRODUCER(Role.PRODUCER),
  /** It is done. */
  COMPLETE(null),
  /** It has failed, and a work item says what is to be put right. */
  BUG(null),
  /** It has failed. */
  FAIL(null),
  /** Nobody wants it any more. */
  CANCEL(null);

  private final @Nullable Role role;

  Next(@Nullable Role role) {
    this.role = role;
  }

  /** The role of the agent that is started, if one is. */
  public Optional<Role> role() {
    return Optional.ofNullable(role);
  }

  /** Its name in events: {@code reviewer}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
