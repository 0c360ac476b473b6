import { h } from "../preact.js";
import { countTasks, listEvents, listProjects, listTasks, readHealth } from "../client/gateway.js";
import { eventTable } from "../parts/events.js";
import { Load } from "../parts/load.js";
import { duration } from "../parts/moment.js";
import { nothing } from "../parts/notices.js";
import { projectList } from "../parts/projects.js";
import { statusMark, words } from "../parts/status.js";
import { taskTable } from "../parts/tasks.js";
import { to } from "../routes.js";

const EVERY_MS = 5_000;
const COUNTED_EVERY_MS = 15_000;
const NEWEST = 8;

/** How everything is, at a glance. */
export function overviewPage(onKeyRefused) {
  const load = (of, call, view, every = EVERY_MS) =>
    h(Load, { of, load: call, every, view, onKeyRefused });
  return [
    h(
      "div",
      { class: "title-row" },
      h("h1", null, "Overview"),
      h("a", { class: "button", href: to(["tasks", "new"]) }, "New task"),
    ),
    load("tasks by status", countTasks, counts, COUNTED_EVERY_MS),
    h(
      "div",
      { class: "columns" },
      card("Gateway", null, load("health", readHealth, gateway)),
      card("Projects", to(["health"]), load("projects", listProjects, projectsInShort)),
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

function counts(kinds) {
  return h(
    "ul",
    { class: "tiles", "aria-label": "Tasks by status" },
    kinds
      .filter(({ filters, count }) => filters.status || count !== "0")
      .map(({ filters, count }) =>
        h(
          "li",
          null,
          h(
            "a",
            { class: `tile tile-${filters.status ?? "paused"}`, href: to(["tasks"], filters) },
            h("span", { class: "tile-number" }, count),
            h(
              "span",
              { class: "tile-name" },
              words(filters.status ?? `wait for ${filters.waitingFor}`),
            ),
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
    ? projectList(projects)
    : nothing("No projects are watched", "Name them in PROJECTS, as name:url,name:url.");
}
