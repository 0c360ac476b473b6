import { Component, h } from "../preact.js";
import { decideEscalation } from "../client/gateway.js";
import { problemFrom } from "../client/problem.js";
import { choice, field, valuesOf } from "./form.js";
import { ago } from "./moment.js";
import { doneNotice, problemNotice } from "./notices.js";
import { words } from "./status.js";

const ACTIONS = ["restart_service", "clear_cache", "pause_service"];

/** What people are asked about repairs, each with the buttons to answer. */
export function escalationList(escalations, onKeyRefused) {
  return h(
    "ol",
    { class: "decisions" },
    escalations.map((escalation) =>
      h(
        "li",
        { key: escalation.escalation_id },
        h(Escalation, { escalation, onKeyRefused }),
      ),
    ),
  );
}

/**
 * One question. Nothing is chosen beforehand where nothing is proposed, so that nobody runs an
 * action by pressing a button in a hurry.
 */
class Escalation extends Component {
  state = { decided: null, sending: false, problem: null };

  approve = (event) => {
    event.preventDefault();
    const { action } = valuesOf(event.currentTarget);
    this.decide("approve", { action }, `Approved: ${words(action)}.`);
  };

  reject = () => this.decide("reject", {}, "Rejected.");

  async decide(answer, body, decided) {
    this.setState({ sending: true, problem: null });
    try {
      await decideEscalation(this.props.escalation.escalation_id, answer, body);
      this.setState({ sending: false, decided });
    } catch (thrown) {
      const problem = problemFrom(thrown);
      this.setState({ sending: false, problem });
      if (problem.needsKey) {
        this.props.onKeyRefused();
      }
    }
  }

  render({ escalation }, { decided, sending, problem }) {
    return [
      h(
        "div",
        { class: "decision-head" },
        h("strong", null, escalation.project),
        h("span", { class: "tag" }, words(escalation.anomaly_type ?? "")),
        h("span", { class: "push quiet" }, "asked ", ago(escalation.raised_at)),
      ),
      h("p", null, escalation.reason),
      h("p", { class: "quiet" }, "expires ", ago(escalation.expires_at)),
      problem && problemNotice(problem, ["action"]),
      decided
        ? doneNotice(`${decided} It is on record; what it leads to is shown below.`)
        : answers(escalation, sending, problem, this.approve, this.reject),
    ];
  }
}

function answers({ escalation_id: id, proposed_action: proposed }, sending, problem, approve, reject) {
  const options = ACTIONS.map((action) => [
    action,
    action === proposed ? `${words(action)} (proposed)` : words(action),
  ]);
  return h(
    "form",
    { class: "filters", onSubmit: approve },
    field(
      { name: "action", id: `action-${id}`, label: "Action", reason: problem?.reasonFor("action") },
      (attributes) =>
        choice(proposed ? options : [["", "choose one"], ...options], proposed ?? "")({
          ...attributes,
          required: true,
        }),
    ),
    h("button", { class: "button", type: "submit", disabled: sending }, "Approve"),
    h(
      "button",
      { class: "button-quiet", type: "button", disabled: sending, onClick: reject },
      "Reject",
    ),
  );
}
