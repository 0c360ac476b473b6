import { Component, h } from "../preact.js";
import { operateTask } from "../client/gateway.js";
import { problemFrom } from "../client/problem.js";
import { doneNotice, problemNotice, waitingNotice } from "./notices.js";
import { words } from "./status.js";

/** What an operator can do with a task in each status, as the gateway allows it. */
const FITTING = {
  pending: ["pause", "cancel"],
  queued: ["pause", "cancel"],
  assigned: ["cancel"],
  in_progress: ["cancel"],
  paused: ["resume", "cancel"],
  failed: ["retry"],
  cancelled: ["retry"],
};

const LABELS = {
  pause: "Pause",
  resume: "Resume",
  approve: "Approve",
  cancel: "Cancel task",
  retry: "Retry",
};

const IDLE = { action: null, phase: null, problem: null };

/** A command that changed nothing by then was not obeyed, or its effect came before it. */
const PATIENCE_MS = 10_000;

/**
 * Buttons for what can be done with a task now. A command is on record when the gateway has
 * answered, and done when the status has changed: until then, or for ten seconds, the buttons wait.
 *
 * Props: `task`; `onKeyRefused()` as for `Load`.
 */
export class TaskActions extends Component {
  state = IDLE;

  componentDidUpdate(previous) {
    if (previous.task.status !== this.props.task.status) {
      this.show(IDLE);
    }
  }

  componentWillUnmount() {
    clearTimeout(this.timer);
  }

  /** What the buttons wait for: `action` while it is `phase`, or a problem. */
  show(state) {
    clearTimeout(this.timer);
    this.setState({ ...IDLE, ...state });
  }

  async operate(action) {
    const { task } = this.props;
    this.show({ action, phase: "sent" });
    try {
      await operateTask(task.task_id, action);
    } catch (thrown) {
      const problem = problemFrom(thrown);
      this.show({ problem });
      if (problem.needsKey) {
        this.props.onKeyRefused();
      }
      return;
    }
    if (this.props.task.status === task.status) {
      this.show({ action, phase: "on record" });
      this.timer = setTimeout(() => this.show({ action, phase: "unanswered" }), PATIENCE_MS);
    }
  }

  render({ task }, { action, phase, problem }) {
    const actions = actionsOf(task);
    return [
      problem && problemNotice(problem),
      phase === "on record" && doneNotice(`${LABELS[action]}: on record, done in a moment.`),
      phase === "unanswered" &&
        waitingNotice(
          `${LABELS[action]}: on record, but the task is ${words(task.status)} still.`,
          "The history says what became of it; the health page, whether the router runs.",
        ),
      actions.length > 0 &&
        h(
          "div",
          { class: "title-actions" },
          actions.map((name) =>
            h(
              "button",
              {
                key: name,
                type: "button",
                class: "button-quiet",
                disabled: phase === "sent" || phase === "on record",
                onClick: () => this.operate(name),
              },
              LABELS[name],
            ),
          ),
        ),
    ];
  }
}

/** A task that asked for an approval is approved, one that somebody paused is resumed. */
function actionsOf({ status, waiting_for: waitingFor }) {
  const fitting = FITTING[status] ?? [];
  return waitingFor === "approval"
    ? fitting.map((action) => (action === "resume" ? "approve" : action))
    : fitting;
}
