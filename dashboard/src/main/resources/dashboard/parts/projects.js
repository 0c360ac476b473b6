import { h } from "../preact.js";
import { ago } from "./moment.js";
import { statusMark } from "./status.js";

/** What somebody has to look at comes first. */
const ORDER = ["down", "degraded", "unknown", "healthy"];

/**
 * The watched projects, each with how it is: those that are not well first.
 *
 * @param {object[]} projects
 * @param {number} most how many are shown at most
 */
export function projectList(projects, most = projects.length) {
  return h("ul", { class: "rows" }, inOrder(projects).slice(0, most).map(row));
}

function row(project) {
  return h(
    "li",
    { key: project.project },
    h("span", { class: "rows-name" }, project.project),
    h(
      "span",
      { class: "quiet number" },
      project.response_time_ms == null ? "" : `${Math.round(project.response_time_ms)} ms`,
    ),
    statusMark(project.status),
    project.reason && h("p", { class: "rows-note" }, project.reason, " · ", ago(project.changed_at)),
  );
}

/** Sorting is stable: projects that are alike stay in the order of their names. */
function inOrder(projects) {
  return [...projects].sort((one, other) => rank(one) - rank(other));
}

function rank({ status }) {
  const place = ORDER.indexOf(String(status ?? "unknown").toLowerCase());
  return place < 0 ? ORDER.length : place;
}
