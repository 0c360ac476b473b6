import { Component, h } from "../preact.js";
import { operateTask } from "../client/gateway.js";
import { problemFrom } from "../client/problem.js";
import { doneNotice, problemNotice } from "./notices.js";

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

/**
 * Buttons for what can be done with a task now. A command is on record when the gateway has
 * answered, and done when the status has changed: until then the buttons wait.
 *
 * Props: `task`; `onKeyRefused()` as for `Load`.
 */
export class TaskActions extends Component {
  state = { asked: null, problem: null };

  componentDidUpdate(previous) {
    if (previous.task.status !== this.props.task.status) {
      this.setState({ asked: null, problem: null });
    }
  }

  async operate(action) {
    this.setState({ asked: action, problem: null });
    try {
      await operateTask(this.props.task.task_id, action);
    } catch (thrown) {
      const problem = problemFrom(thrown);
      this.setState({ asked: null, problem });
      if (problem.needsKey) {
        this.props.onKeyRefused();
      }
    }
  }

  render({ task }, { asked, problem }) {
    const actions = actionsOf(task);
    return [
      problem && problemNotice(problem),
      asked && doneNotice(`${LABELS[asked]}: on record, done in a moment.`),
      actions.length > 0 &&
        h(
          "div",
          { class: "title-actions" },
          actions.map((action) =>
            h(
              "button",
              {
                key: action,
                type: "button",
                class: "button-quiet",
                disabled: asked !== null,
                onClick: () => this.operate(action),
              },
              LABELS[action],
            ),
          ),
        ),
    ];
  }
}

/** A task that asked for an approval is approved, one that somebody paused is resumed. */
function actionsOf({ status, history }) {
  const fitting = FITTING[status] ?? [];
  return asksForApproval(history)
    ? fitting.map((action) => (action === "resume" ? "approve" : action))
    : fitting;
}

function asksForApproval(history) {
  const last = (history ?? []).findLast(({ event_type: type }) => /approval|paused/i.test(type));
  return /approval/i.test(last?.event_type ?? "");
}
