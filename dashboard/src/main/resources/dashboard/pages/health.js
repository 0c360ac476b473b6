import { Component, h } from "../preact.js";
import {
  listEscalations,
  listEvents,
  listProjects,
  triggerAnomaly,
} from "../client/gateway.js";
import { problemFrom } from "../client/problem.js";
import { escalationList } from "../parts/escalations.js";
import { choice, field, proposing, valuesOf } from "../parts/form.js";
import { LiveEvents } from "../parts/live-events.js";
import { Load } from "../parts/load.js";
import { ago } from "../parts/moment.js";
import { doneNotice, nothing, problemNotice } from "../parts/notices.js";
import { projectList } from "../parts/projects.js";
import { statusMark, words } from "../parts/status.js";
import { named, table } from "../parts/table.js";

/** How often lists are asked for while their changes come by themselves, and while they do not. */
const EVERY_MS = { live: 15_000, notLive: 3_000 };

/** How often it is asked whether somebody is asked about a repair: they expire. */
const QUESTIONS_EVERY_MS = 5_000;

const NEWEST = 20;

/** Live events that are kept to be put into the lists, which lag behind them. */
const MOST_LIVE = 200;

const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

const ANOMALY_TYPES = ["high_memory", "high_cpu", "high_error"].map((type) => [type, words(type)]);
const TOPICS = [
  "health.statuses",
  "health.anomalies",
  "remediation.analyses",
  "remediation.commands",
  "remediation.outcomes",
  "remediation.escalations",
  "remediation.approvals",
];

/** The watched projects, what was found wrong with them, what was decided, and what is done. */
export function healthPage(onKeyRefused) {
  return h(HealthPage, { onKeyRefused });
}

/** Lists from the gateway, with what the live stream brings on top of them at once. */
class HealthPage extends Component {
  state = { events: [], connected: false };

  receive = (event) =>
    this.setState(({ events }) => ({ events: [event, ...events].slice(0, MOST_LIVE) }));

  connect = (connected) => this.setState({ connected });

  pause = () => (this.state.connected ? EVERY_MS.live : EVERY_MS.notLive);

  render({ onKeyRefused }, { events }) {
    const load = (of, call, view) =>
      h(Load, { of, load: call, every: this.pause, view, onKeyRefused });
    const list = (type) => (signal) => listEvents({ type, limit: NEWEST }, signal);
    return [
      h("h1", null, "Health"),
      h(Load, {
        of: "escalations",
        load: listEscalations,
        every: QUESTIONS_EVERY_MS,
        quiet: true,
        view: ({ items }) =>
          items.length > 0 &&
          section("Repairs that wait for a decision", escalationList(items, onKeyRefused)),
        onKeyRefused,
      }),
      h(
        "div",
        { class: "columns" },
        section(
          "Projects",
          load("projects", listProjects, (known) => projects(changed(known, events))),
        ),
        h(AnomalyForm, { onKeyRefused }),
      ),
      section(
        "Decisions",
        load("decisions", list("remediation_analyzed"), ({ items }) =>
          decisions(joined(events, "remediation.analyses", items)),
        ),
      ),
      section(
        "Anomalies",
        load("anomalies", list("health_anomaly_detected"), ({ items }) =>
          anomalies(joined(events, "health.anomalies", items)),
        ),
      ),
      h(LiveEvents, {
        topic: TOPICS.join(","),
        onEvent: this.receive,
        onConnected: this.connect,
        onKeyRefused,
      }),
    ];
  }
}

/** A list of events, newest first, with those of a topic that it does not have yet. */
function joined(events, topic, items) {
  const listed = new Set(items.map((event) => event.event_id));
  const later = events.filter((event) => event.topic === topic && !listed.has(event.event_id));
  return [...later, ...items].slice(0, NEWEST);
}

/** The projects as their latest changes of status say. */
function changed(projects, events) {
  const latest = new Map();
  for (const { topic, key, data } of events) {
    if (topic === "health.statuses" && !latest.has(key)) {
      latest.set(key, data);
    }
  }
  const known = projects.map((project) => {
    const change = latest.get(project.project);
    latest.delete(project.project);
    return isLater(change, project) ? { ...project, ...change } : project;
  });
  return [...known, ...latest.values()];
}

function isLater(change, { changed_at: before }) {
  return change && (!before || Date.parse(change.changed_at) > Date.parse(before));
}

function section(title, content) {
  return h("section", { class: "card" }, h("h2", null, title), content);
}

function projects(list) {
  return list.length > 0
    ? projectList(list)
    : nothing("No projects are watched", "Name them in PROJECTS, as name:url,name:url.");
}

function decisions(items) {
  if (items.length === 0) {
    return nothing(
      "Nothing was decided yet",
      "Every anomaly is analysed, with a confidence and the reasons.",
    );
  }
  return h(
    "ol",
    { class: "decisions" },
    items.map((event) => h("li", { key: event.event_id }, decision(event, event.data ?? {}))),
  );
}

function decision(event, analysis) {
  return [
    h(
      "div",
      { class: "decision-head" },
      h("strong", null, event.subject ?? analysis.project),
      h("span", { class: "tag" }, words(analysis.anomaly_type ?? "")),
      h("span", { "aria-hidden": "true", class: "quiet" }, "→"),
      h("span", { class: "tag" }, analysis.action ? words(analysis.action) : "no action"),
      statusMark(analysis.decision),
      h("span", { class: "push quiet" }, ago(event.timestamp)),
    ),
    confidence(analysis),
    h("p", null, analysis.reasoning),
    h("p", { class: "quiet" }, `analysed by ${analysis.analyzer ?? "unknown"}`),
  ];
}

function confidence({ confidence: value, confidence_threshold: threshold }) {
  if (value == null) {
    return null;
  }
  return h(
    "p",
    { class: "similarity" },
    h("meter", { min: 0, max: 1, high: threshold, optimum: 1, value, "aria-label": "Confidence" }),
    h("span", { class: "number" }, `confidence ${value.toFixed(2)}`),
    threshold != null && h("span", { class: "quiet" }, `executed above ${threshold.toFixed(2)}`),
  );
}

function anomalies(items) {
  if (items.length === 0) {
    return nothing("No anomaly was found yet");
  }
  const of = (event) => event.data ?? {};
  return table(
    "Anomalies, newest first",
    [
      { title: "Found", kind: "nowrap", cell: (event) => ago(event.timestamp) },
      {
        title: "Project",
        kind: "name",
        cell: (event) => named(event.subject ?? of(event).project),
      },
      {
        title: "Anomaly",
        cell: (event) => h("span", { class: "tag" }, words(of(event).type ?? "")),
      },
      { title: "Severity", cell: (event) => statusMark(of(event).severity) },
      { title: "Metric", cell: (event) => of(event).metric ?? "–" },
      { title: "Value", kind: "number", cell: (event) => number(of(event).value) },
      { title: "Threshold", kind: "number", cell: (event) => number(of(event).threshold) },
      { title: "Test", cell: (event) => (of(event).synthetic ? "yes" : "no") },
    ],
    items,
    (event) => event.event_id,
  );
}

function number(value) {
  return value == null ? "–" : NUMBER.format(value);
}

/** Makes an anomaly up, to see what the pipeline does about it. */
class AnomalyForm extends Component {
  state = { problem: null, done: null, sending: false, projects: [] };

  /** Names are only proposed: when they cannot be had, the list of projects says why. */
  componentDidMount() {
    listProjects().then(
      (projects) => this.setState({ projects }),
      () => this.setState({ projects: [] }),
    );
  }

  submit = async (event) => {
    event.preventDefault();
    const values = valuesOf(event.currentTarget);
    this.setState({ sending: true, done: null });
    try {
      await triggerAnomaly({ projectName: values.projectName, type: values.anomaly });
      this.setState({ sending: false, problem: null, done: values });
    } catch (thrown) {
      const problem = problemFrom(thrown);
      this.setState({ sending: false, problem });
      if (problem.needsKey) {
        this.props.onKeyRefused();
      }
    }
  };

  render(_, { problem, done, sending, projects }) {
    return h(
      "section",
      { class: "card" },
      h("h2", null, "Test anomaly"),
      h(
        "p",
        { class: "quiet" },
        "Makes an anomaly up. It is analysed like a real one, and may run a real action.",
      ),
      problem && problemNotice(problem, ["projectName", "type"]),
      done && doneNotice(`Triggered ${words(done.anomaly)} for ${done.projectName}.`),
      h(
        "form",
        { class: "form", onSubmit: this.submit },
        h(
          "div",
          { class: "form-row" },
          field(
            {
              name: "projectName",
              label: "Project",
              required: true,
              reason: problem?.reasonFor("projectName"),
            },
            (attributes) =>
              proposing(
                "projects",
                projects.map(({ project }) => project),
                attributes,
              ),
          ),
          field(
            { name: "anomaly", label: "Anomaly", reason: problem?.reasonFor("type") },
            choice(ANOMALY_TYPES, "high_memory"),
          ),
        ),
        h(
          "div",
          { class: "form-actions" },
          h("button", { class: "button", type: "submit", disabled: sending }, "Trigger"),
        ),
      ),
    );
  }
}
