package dev.millrace.worker.agent;

/** An agent with something around it: who answers, and whether it is repeatable, stays the same. */
public abstract class WrappedAgent implements Agent {

  private final Agent agent;

  protected WrappedAgent(Agent agent) {
    this.agent = agent;
  }

  /** The agent within. */
  protected final Agent within() {
    return agent;
  }

  @Override
  public final Provider provider() {
    return agent.provider();
  }

  @Override
  public final boolean repeatable() {
    return agent.repeatable();
  }
}
