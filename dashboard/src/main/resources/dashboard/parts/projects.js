import { h } from "../preact.js";
import { ago } from "./moment.js";
import { statusMark } from "./status.js";

/** The watched projects, each with how it is. */
export function projectList(projects) {
  return h(
    "ul",
    { class: "rows" },
    projects.map((project) =>
      h(
        "li",
        { key: project.project },
        h("span", { class: "rows-name" }, project.project),
        h(
          "span",
          { class: "quiet number" },
          project.response_time_ms == null ? "" : `${Math.round(project.response_time_ms)} ms`,
        ),
        statusMark(project.status),
        project.reason &&
          h("p", { class: "rows-note" }, project.reason, " · ", ago(project.changed_at)),
      ),
    ),
  );
}
