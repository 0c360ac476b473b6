import { h } from "../preact.js";
import { readTask } from "../client/gateway.js";
import { Load } from "../parts/load.js";
import { clock, exact } from "../parts/moment.js";
import { payload } from "../parts/payload.js";
import { words } from "../parts/status.js";
import { TaskActions } from "../parts/task-actions.js";
import { standing, titleOf } from "../parts/tasks.js";
import { to } from "../routes.js";

const ON_ITS_WAY_MS = 500;
const ENDED_MS = 5_000;
const ENDS = ["completed", "failed", "cancelled"];

/** One task with its whole history. */
export function taskPage(id, onKeyRefused) {
  return [
    h("p", { class: "crumbs" }, h("a", { href: to(["tasks"]) }, "Tasks")),
    h(Load, {
      of: id,
      load: (signal) => readTask(id, signal),
      every: (task) => (ENDS.includes(task?.status) ? ENDED_MS : ON_ITS_WAY_MS),
      onKeyRefused,
      view: (task) => detail(task, onKeyRefused),
    }),
  ];
}

function detail(task, onKeyRefused) {
  return [
    h(
      "div",
      { class: "title-row" },
      h("h1", { class: "clamp" }, titleOf(task)),
      standing(task),
    ),
    task.reason && h("p", { class: "notice notice-warn" }, task.reason),
    h(TaskActions, { key: task.task_id, task, onKeyRefused }),
    h(
      "div",
      { class: "columns columns-detail" },
      h("section", { class: "card" }, h("h2", null, "History"), history(task.history)),
      h("section", { class: "card" }, h("h2", null, "Facts"), facts(task)),
    ),
    task.result != null &&
      h("section", { class: "card" }, h("h2", null, "Result"), payload(task.result)),
  ];
}

function facts(task) {
  const rows = [
    ["Id", h("code", null, task.task_id)],
    ["Type", task.task_type],
    ["Priority", task.priority],
    ["Agent", task.agent],
    ["Place in the queue", task.position],
    ["Attempt", task.attempt],
    ["Description", task.title ? task.description : null],
    ["Repository", task.repository],
    ["File", task.file_path],
    ["Branch", task.branch],
    ["Commit", commit(task)],
    ["Requested by", task.requested_by],
    ["Created", exact(task.created_at)],
    ["Started", task.started_at && exact(task.started_at)],
    ["Completed", task.completed_at && exact(task.completed_at)],
    ["Trace", task.trace_id && h("code", null, task.trace_id)],
  ];
  return h(
    "dl",
    { class: "facts" },
    rows
      .filter(([, value]) => value != null && value !== "")
      .map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
  );
}

function commit({ commit_sha: sha, commit_url: url }) {
  if (!sha) {
    return null;
  }
  const short = h("code", null, sha.slice(0, 12));
  return isWebAddress(url) ? h("a", { href: url, rel: "noreferrer" }, short) : short;
}

/** Links come from events: only those that lead to a page become links. */
function isWebAddress(url) {
  return /^https?:\/\//.test(url ?? "");
}

function history(steps) {
  if (!steps || steps.length === 0) {
    return h("p", { class: "quiet" }, "Nothing has been recorded yet.");
  }
  return h(
    "ol",
    { class: "timeline" },
    steps.map((step) =>
      h(
        "li",
        { key: step.event_id ?? step.id },
        h(
          "div",
          { class: "timeline-head" },
          h("strong", null, words(step.event_type)),
          clock(step.timestamp),
        ),
        h("div", { class: "quiet" }, step.source),
        step.data != null && h("details", null, h("summary", null, "Data"), payload(step.data)),
      ),
    ),
  );
}
