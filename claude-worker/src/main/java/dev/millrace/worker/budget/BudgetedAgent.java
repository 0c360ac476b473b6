package dev.millrace.worker.budget;

import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.ApprovalRequiredException;
import dev.millrace.worker.agent.ForwardingReporter;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.agent.WrappedAgent;
import dev.millrace.worker.journal.JournalUnavailableException;
import java.util.Optional;

/**
 * Keeps an agent within its budget: before each call of a model it looks at what was spent, and a
 * run that would go beyond stops and asks. What one call costs shows only after it, so a budget is
 * exceeded by at most one call of each run under way.
 */
public final class BudgetedAgent extends WrappedAgent {

  /** Code of a failure that is a question, which the router puts to people. */
  static final String APPROVAL_REQUIRED = "approval_required";

  private final Budget budget;
  private final Ledger ledger;
  private final PriceTable prices;

  public BudgetedAgent(Agent agent, Budget budget, Ledger ledger, PriceTable prices) {
    super(agent);
    this.budget = budget;
    this.ledger = ledger;
    this.prices = prices;
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
    try {
      RunReporter watched = new Watched(run, reporter);
      watched.beforeCall();
      return within().run(run, watched);
    } catch (ApprovalRequiredException e) {
      return new AgentResult.Failed(
          AgentFailure.permanent(APPROVAL_REQUIRED, String.valueOf(e.getMessage())));
    } catch (JournalUnavailableException e) {
      return new AgentResult.Failed(
          AgentFailure.temporary(
              "budget_unknown", "what was spent so far is not known: " + e.getMessage()));
    }
  }

  /** Counts what is spent. */
  private final class Watched extends ForwardingReporter {

    private final AgentRun run;
    private final Spent approved;

    Watched(AgentRun run, RunReporter reporter) {
      super(reporter);
      this.run = run;
      this.approved =
          run.approvals() == 0
              ? Spent.NOTHING
              : ledger.whenAskedBefore(run.taskId(), run.id()).orElse(Spent.NOTHING);
    }

    @Override
    public void beforeCall() {
      Spent spent = ledger.spent(run.taskId());
      Optional<String> question = budget.question(spent, approved);
      if (question.isPresent()) {
        ledger.asked(run.taskId(), run.id(), spent);
        log(question.get());
        throw new ApprovalRequiredException(question.get());
      }
      super.beforeCall();
    }

    @Override
    public void usage(TokenUsage usage) {
      super.usage(usage);
      long cost = prices.of(usage.model()).map(usage::costAt).orElse(0L);
      ledger.add(run.taskId(), run.id(), Spending.of(usage, cost));
    }
  }
}
