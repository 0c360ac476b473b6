import { Component, h } from "../preact.js";
import { follow } from "../client/event-stream.js";
import { eventOf, eventStream, listEvents } from "../client/gateway.js";
import { problemFrom } from "../client/problem.js";
import { eventTable, keyOf } from "../parts/events.js";
import { field, line, valuesOf } from "../parts/form.js";
import { nothing, problemNotice } from "../parts/notices.js";
import { statusMark } from "../parts/status.js";
import { go, to } from "../routes.js";

/** Rows kept on the page; older ones leave it. */
const MOST = 200;

const EARLIER = 50;

export function eventsPage({ type = "" }, onKeyRefused) {
  return h(Events, { key: type, type, onKeyRefused });
}

/** Events as they happen, and the newest of those before. */
class Events extends Component {
  state = { events: [], waiting: [], paused: false, connected: null, problem: null };

  componentDidMount() {
    this.stop = new AbortController();
    this.loadEarlier();
    this.unfollow = follow(eventStream(this.props.type), {
      onEvent: (name, data) => this.receive(eventOf(name, data)),
      onState: ({ connected, problem = null }) => {
        this.setState({ connected, problem });
        if (problem?.needsKey) {
          this.props.onKeyRefused();
        }
      },
    });
  }

  componentWillUnmount() {
    this.stop.abort();
    this.unfollow();
  }

  async loadEarlier() {
    try {
      const { items } = await listEvents(
        { type: this.props.type, limit: EARLIER },
        this.stop.signal,
      );
      this.setState(({ events }) => ({ events: merged(events, items) }));
    } catch (thrown) {
      if (!this.stop.signal.aborted) {
        this.setState({ problem: problemFrom(thrown) });
      }
    }
  }

  receive(event) {
    if (event === null || (this.props.type && event.event_type !== this.props.type)) {
      return;
    }
    this.setState(({ events, waiting, paused }) =>
      paused ? { waiting: merged([event], waiting) } : { events: merged([event], events) },
    );
  }

  togglePause = () => {
    this.setState(({ events, waiting, paused }) =>
      paused ? { paused: false, events: merged(waiting, events), waiting: [] } : { paused: true },
    );
  };

  render({ type }, { events, waiting, paused, connected, problem }) {
    return [
      h(
        "div",
        { class: "title-row" },
        h("h1", null, "Events"),
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
        ),
      ),
      filter(type),
      problem && !connected && problemNotice(problem),
      h(
        "section",
        { class: "card", "aria-label": "Events" },
        h("p", { class: "spoken", "aria-live": "polite" }, newest(events)),
        events.length > 0
          ? eventTable("Events, newest first", events)
          : nothing("No events yet", "They appear here as they happen."),
      ),
    ];
  }
}

function filter(type) {
  const apply = (form) => go(["events"], valuesOf(form));
  return h(
    "form",
    {
      class: "filters",
      "aria-label": "Filters",
      onSubmit: (event) => {
        event.preventDefault();
        apply(event.currentTarget);
      },
      onChange: (event) => apply(event.currentTarget),
    },
    field(
      { name: "type", label: "Type" },
      line({ value: type, placeholder: "any, or task_created …" }),
    ),
    h("a", { class: "button-quiet", href: to(["events"]) }, "Clear"),
  );
}

function connection(connected) {
  if (connected === null) {
    return h("span", { class: "quiet" }, "connecting …");
  }
  return statusMark(connected ? "live" : "reconnecting");
}

function newest(events) {
  const [event] = events;
  return event ? `${event.event_type} ${event.subject ?? ""}` : "";
}

/** Both lists without doubles, newest first, no longer than the page keeps. */
function merged(some, others) {
  const byKey = new Map([...some, ...others].map((event) => [keyOf(event), event]));
  return [...byKey.values()]
    .sort((a, b) => new Date(b.timestamp) - new Date(a.timestamp))
    .slice(0, MOST);
}
