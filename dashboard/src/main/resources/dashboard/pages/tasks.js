import { h } from "../preact.js";
import { listTasks, TASK_STATUSES } from "../client/gateway.js";
import { choice, field, line, valuesOf } from "../parts/form.js";
import { Load } from "../parts/load.js";
import { nothing } from "../parts/notices.js";
import { words } from "../parts/status.js";
import { taskTable } from "../parts/tasks.js";
import { go, to } from "../routes.js";

const EVERY_MS = 5_000;
const PAGE = 50;

/** Tasks, newest first, with filters that are part of the address. */
export function tasksPage(parameters, onKeyRefused) {
  return [
    h(
      "div",
      { class: "title-row" },
      h("h1", null, "Tasks"),
      h("a", { class: "button", href: to(["tasks", "new"]) }, "New task"),
    ),
    filters(parameters),
    h(
      "section",
      { class: "card", "aria-label": "Tasks" },
      h(Load, {
        of: JSON.stringify(parameters),
        load: (signal) => listTasks({ ...parameters, limit: PAGE }, signal),
        every: EVERY_MS,
        onKeyRefused,
        view: (page) => list(page, parameters),
      }),
    ),
  ];
}

function filters(parameters) {
  const apply = (form) => go(["tasks"], valuesOf(form));
  return h(
    "form",
    {
      class: "filters",
      key: JSON.stringify(parameters),
      "aria-label": "Filters",
      onSubmit: (event) => {
        event.preventDefault();
        apply(event.currentTarget);
      },
      onChange: (event) => apply(event.currentTarget),
    },
    field(
      { name: "status", label: "Status" },
      choice(
        [["", "any"], ...TASK_STATUSES.map((status) => [status, words(status)])],
        parameters.status,
      ),
    ),
    field(
      { name: "waitingFor", label: "Waiting for" },
      choice(
        [
          ["", "anything"],
          ["approval", "an approval"],
        ],
        parameters.waitingFor,
      ),
    ),
    field(
      { name: "taskType", label: "Type" },
      line({ value: parameters.taskType ?? "", placeholder: "any" }),
    ),
    field(
      { name: "agent", label: "Agent" },
      line({ value: parameters.agent ?? "", placeholder: "any" }),
    ),
    h("a", { class: "button-quiet", href: to(["tasks"]) }, "Clear"),
  );
}

function list({ items, next }, parameters) {
  if (items.length === 0) {
    return nothing("No task is like that", "Clear the filters, or create a task.");
  }
  return [
    taskTable("Tasks, newest first", items),
    h(
      "div",
      { class: "pager" },
      parameters.cursor && h("a", { href: to(["tasks"], { ...parameters, cursor: "" }) }, "Newest"),
      next && h("a", { href: to(["tasks"], { ...parameters, cursor: next }) }, "Older"),
    ),
  ];
}
