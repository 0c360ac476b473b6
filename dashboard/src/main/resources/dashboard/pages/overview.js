import { h } from "../preact.js";
import {
  countApprovals,
  countEscalations,
  countTasks,
  listEvents,
  listProjects,
  listQueues,
  listTasks,
  readHealth,
} from "../client/gateway.js";
import { eventTable } from "../parts/events.js";
import { Load } from "../parts/load.js";
import { duration } from "../parts/moment.js";
import { nothing, waitingNotice } from "../parts/notices.js";
import { projectList } from "../parts/projects.js";
import { queueList } from "../parts/queues.js";
import { statusMark, words } from "../parts/status.js";
import { taskTable } from "../parts/tasks.js";
import { to } from "../routes.js";

const EVERY_MS = 5_000;
const COUNTED_EVERY_MS = 15_000;
const NEWEST = 8;
const MOST_PROJECTS = 8;

/** How everything is, at a glance. */
export function overviewPage(onKeyRefused) {
  const load = (of, call, view, every = EVERY_MS, quiet = false) =>
    h(Load, { of, load: call, every, view, quiet, onKeyRefused });
  return [
    h(
      "div",
      { class: "title-row" },
      h("h1", null, "Overview"),
      h("a", { class: "button", href: to(["tasks", "new"]) }, "New task"),
    ),
    load("escalations", countEscalations, escalations, EVERY_MS, true),
    load("approvals", countApprovals, approvals, COUNTED_EVERY_MS, true),
    load("tasks by status", countTasks, counts, COUNTED_EVERY_MS),
    h(
      "div",
      { class: "columns" },
      card("Gateway", null, load("health", readHealth, gateway)),
      card("Projects", to(["health"]), load("projects", listProjects, projectsInShort)),
    ),
    card(
      "Queues",
      null,
      load("queues", listQueues, (queues) =>
        queues.length > 0 ? queueList(queues, onKeyRefused) : nothing("No queues yet"),
      ),
    ),
    card(
      "Newest tasks",
      to(["tasks"]),
      load(
        "newest tasks",
        (signal) => listTasks({ limit: NEWEST }, signal),
        ({ items }) =>
          items.length > 0
            ? taskTable("Newest tasks", items)
            : nothing("No tasks yet", h("a", { href: to(["tasks", "new"]) }, "Create the first")),
      ),
    ),
    card(
      "Newest events",
      to(["events"]),
      load(
        "newest events",
        (signal) => listEvents({ limit: NEWEST }, signal),
        ({ items }) =>
          items.length > 0 ? eventTable("Newest events", items) : nothing("No events yet"),
      ),
    ),
  ];
}

function card(title, href, content) {
  return h(
    "section",
    { class: "card" },
    h(
      "div",
      { class: "card-head" },
      h("h2", null, title),
      href && h("a", { href }, "All", h("span", { class: "spoken" }, ` ${title.toLowerCase()}`)),
    ),
    content,
  );
}

function approvals(count) {
  return (
    count !== "0" &&
    waitingNotice(
      count === "1" ? "1 task waits for an approval" : `${count} tasks wait for an approval`,
      h("a", { href: to(["tasks"], { waitingFor: "approval" }) }, "Approve or cancel"),
    )
  );
}

function escalations(count) {
  return (
    count !== "0" &&
    waitingNotice(
      count === "1" ? "1 repair waits for a decision" : `${count} repairs wait for a decision`,
      h("a", { href: to(["health"]) }, "Approve or reject"),
    )
  );
}

function counts(byStatus) {
  return h(
    "ul",
    { class: "tiles", "aria-label": "Tasks by status" },
    byStatus.map(({ status, count }) =>
      h(
        "li",
        null,
        h(
          "a",
          { class: `tile tile-${status}`, href: to(["tasks"], { status }) },
          h("span", { class: "tile-number" }, count),
          h("span", { class: "tile-name" }, words(status)),
        ),
      ),
    ),
  );
}

function gateway(health) {
  return [
    h(
      "p",
      { class: "lead" },
      statusMark(health.status),
      health.uptimeSeconds !== undefined &&
        h(
          "span",
          { class: "quiet" },
          `version ${health.version}, up for ${duration(health.uptimeSeconds)}`,
        ),
    ),
    h(
      "ul",
      { class: "rows" },
      health.dependencies.map((check) =>
        h(
          "li",
          null,
          h("span", { class: "rows-name" }, words(check.name)),
          statusMark(check.status),
          check.reason && h("p", { class: "rows-note" }, check.reason),
        ),
      ),
    ),
  ];
}

function projectsInShort(projects) {
  return projects.length > 0
    ? [
        projectList(projects, MOST_PROJECTS),
        projects.length > MOST_PROJECTS &&
          h("a", { href: to(["health"]) }, `and ${projects.length - MOST_PROJECTS} more`),
      ]
    : nothing("No projects are watched", "Name them in PROJECTS, as name:url,name:url.");
}
