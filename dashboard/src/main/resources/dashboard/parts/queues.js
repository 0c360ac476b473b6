import { Component, h } from "../preact.js";
import { setQueuePaused } from "../client/gateway.js";
import { problemFrom } from "../client/problem.js";
import { problemNotice } from "./notices.js";
import { statusMark } from "./status.js";

/** A command that changed nothing by then was not obeyed, or its effect came before it. */
const PATIENCE_MS = 10_000;

/** The queues: how full each is, why it stands still where it does, and a button to change that. */
export function queueList(queues, onKeyRefused) {
  return h(
    "ul",
    { class: "rows" },
    queues.map((queue) => h(Queue, { key: queue.queue, queue, onKeyRefused })),
  );
}

/** One queue. The button waits until what it asked for is so, or for ten seconds. */
class Queue extends Component {
  state = { sent: false, problem: null };

  componentDidUpdate(previous) {
    if (previous.queue.paused !== this.props.queue.paused) {
      this.settle();
    }
  }

  componentWillUnmount() {
    clearTimeout(this.timer);
  }

  settle(problem = null) {
    clearTimeout(this.timer);
    this.setState({ sent: false, problem });
  }

  change = async () => {
    const { queue, onKeyRefused } = this.props;
    this.setState({ sent: true, problem: null });
    try {
      await setQueuePaused(queue.queue, !queue.paused);
      this.timer = setTimeout(() => this.settle(), PATIENCE_MS);
    } catch (thrown) {
      const problem = problemFrom(thrown);
      this.settle(problem);
      if (problem.needsKey) {
        onKeyRefused();
      }
    }
  };

  render({ queue }, { sent, problem }) {
    const note = noteOf(queue);
    return h(
      "li",
      null,
      h("span", { class: "rows-name" }, queue.queue),
      h("span", { class: "quiet number" }, load(queue)),
      statusMark(statusOf(queue)),
      h(
        "button",
        { type: "button", class: "button-quiet", disabled: sent, onClick: this.change },
        queue.paused ? "Resume" : "Pause",
        h("span", { class: "spoken" }, ` queue ${queue.queue}`),
      ),
      note && h("p", { class: "rows-note" }, note),
      problem && problemNotice(problem),
    );
  }
}

function load({ running, backlog, settings }) {
  return `${running} of ${settings.max_concurrent} at work, ${backlog} waiting`;
}

function statusOf(queue) {
  if (queue.paused) {
    return "paused";
  }
  return isProviderAway(queue) ? "degraded" : "up";
}

function noteOf(queue) {
  if (queue.paused) {
    return queue.pause_reason;
  }
  return isProviderAway(queue) && `${queue.provider.name} is left alone: ${queue.provider.reason}`;
}

function isProviderAway({ provider }) {
  return provider.circuit === "open" || provider.circuit === "half_open";
}
