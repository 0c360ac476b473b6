import { Component, h } from "../preact.js";
import { follow } from "../client/event-stream.js";
import { eventStream } from "../client/gateway.js";
import { clock } from "./moment.js";
import { nothing, problemNotice } from "./notices.js";
import { payload } from "./payload.js";
import { statusMark, words } from "./status.js";
import { table } from "./table.js";
import { to } from "../routes.js";

/** Rows kept on the page; older ones leave it. */
const MOST = 100;

const COLUMNS = [
  { title: "Time", kind: "nowrap number", cell: (event) => clock(event.timestamp) },
  { title: "Topic", cell: (event) => h("span", { class: "tag" }, event.topic) },
  { title: "What", cell: (event) => words(whatOf(event.data ?? {})) },
  { title: "About", kind: "wide", cell: about },
  { title: "From", cell: (event) => event.source ?? "–" },
  {
    title: "Data",
    cell: (event) => h("details", null, h("summary", null, "Show"), payload(event.data)),
  },
];

/**
 * Events as they happen. Props: `topic`, or several with commas between, or nothing for all topics;
 * `filter`, what stands beside the title; `onKeyRefused()`; `onEvent(event)` and
 * `onConnected(connected)` for a page that shows more of them.
 */
export class LiveEvents extends Component {
  state = { events: [], waiting: [], paused: false, connected: null, problem: null };

  componentDidMount() {
    this.unfollow = follow(eventStream(this.props.topic), {
      onEvent: ({ id, data }) => this.receive({ ...JSON.parse(data), place: id }),
      onState: ({ connected, problem = null }) => {
        this.setState({ connected, problem });
        this.props.onConnected?.(connected);
        if (problem?.needsKey) {
          this.props.onKeyRefused();
        }
      },
    });
  }

  componentWillUnmount() {
    this.unfollow();
  }

  receive(event) {
    this.props.onEvent?.(event);
    this.setState(({ events, waiting, paused }) =>
      paused ? { waiting: newest([event], waiting) } : { events: newest([event], events) },
    );
  }

  togglePause = () => {
    this.setState(({ events, waiting, paused }) =>
      paused ? { paused: false, events: newest(waiting, events), waiting: [] } : { paused: true },
    );
  };

  render({ filter }, { events, waiting, paused, connected, problem }) {
    return h(
      "section",
      { class: "card" },
      h(
        "div",
        { class: "card-head" },
        h("h2", null, "Live"),
        h(
          "div",
          { class: "title-actions" },
          h("span", { role: "status" }, connection(connected)),
          h(
            "button",
            {
              type: "button",
              class: "button-quiet",
              "aria-pressed": String(paused),
              onClick: this.togglePause,
            },
            paused ? `Resume (${waiting.length} new)` : "Pause",
          ),
          filter,
        ),
      ),
      problem && !connected && problemNotice(problem),
      h("p", { class: "spoken", "aria-live": "polite" }, spoken(events)),
      h(
        "div",
        { class: "live" },
        events.length > 0
          ? table("Live events, newest first", COLUMNS, events, (event) => event.place)
          : nothing("Nothing has happened since you came", "Events appear here as they happen."),
      ),
    );
  }
}

function connection(connected) {
  if (connected === null) {
    return h("span", { class: "quiet" }, "connecting …");
  }
  return statusMark(connected ? "live" : "reconnecting");
}

function newest(later, earlier) {
  return [...later, ...earlier].slice(0, MOST);
}

function spoken([event]) {
  return event ? `${event.topic} ${words(whatOf(event.data ?? {}))} ${event.key ?? ""}` : "";
}

/** Topics name what happened in different fields. */
function whatOf({ type, event_type: eventType, decision, status, action }) {
  return String(type ?? eventType ?? decision ?? status ?? action ?? "").toLowerCase();
}

function about({ key, data }) {
  const task = data?.task_id;
  return task
    ? h("a", { class: "mono", href: to(["tasks", task]) }, key ?? task)
    : h("span", { class: "mono" }, key ?? "–");
}
