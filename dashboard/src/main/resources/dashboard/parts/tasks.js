import { h } from "../preact.js";
import { ago } from "./moment.js";
import { statusMark } from "./status.js";
import { named, table } from "./table.js";
import { to } from "../routes.js";

const COLUMNS = [
  {
    title: "Task",
    kind: "wide",
    cell: (task) => h("a", { class: "clamp", href: to(["tasks", task.task_id]) }, titleOf(task)),
  },
  { title: "Status", cell: standing },
  { title: "Type", kind: "name", cell: (task) => named(task.task_type) },
  { title: "Agent", kind: "name", cell: (task) => named(task.agent) },
  { title: "Priority", cell: (task) => task.priority ?? "–" },
  { title: "Created", kind: "nowrap", cell: (task) => ago(task.created_at) },
  { title: "Changed", kind: "nowrap", cell: (task) => ago(task.updated_at) },
];

/** Where a task stands, as a mark. */
export function standing({ status, waiting_for: waitingFor }) {
  return statusMark(waitingFor ? `waits for ${waitingFor}` : status);
}

export function taskTable(caption, tasks) {
  return table(caption, COLUMNS, tasks, (task) => task.task_id);
}

/** What a task is called: its title, else its description, else its id. */
export function titleOf(task) {
  return task.title || task.description || task.task_id;
}
