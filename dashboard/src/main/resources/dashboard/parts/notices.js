import { h } from "../preact.js";
import { clock } from "./moment.js";

/** What went wrong, announced to screen readers at once. */
export function problemNotice(problem, fieldsShownElsewhere = []) {
  const errors = problem.errorsBeside(fieldsShownElsewhere);
  return h(
    "div",
    { class: "notice notice-bad", role: "alert" },
    h("strong", null, problem.title),
    problem.detail && h("p", null, problem.detail),
    errors.length > 0 &&
      h(
        "ul",
        null,
        errors.map((error) => h("li", null, h("code", null, error.field), " ", error.reason)),
      ),
  );
}

/** Why what stands below is of earlier: in a line, as a page may have many such parts. */
export function staleNote(problem, since) {
  return h(
    "p",
    { class: "stale", role: "status" },
    h("strong", null, problem.title),
    " – this is as it was at ",
    clock(since),
    problem.status !== 0 && problem.detail && `. ${problem.detail}`,
  );
}

/** What was done. */
export function doneNotice(...content) {
  return h("div", { class: "notice notice-good", role: "status" }, content);
}

/** What was not done yet, and where to look. */
export function waitingNotice(title, advice) {
  return h(
    "div",
    { class: "notice notice-warn", role: "status" },
    h("strong", null, title),
    h("p", null, advice),
  );
}

/** What stands where nothing is there yet, and what to do about it. */
export function nothing(title, advice) {
  return h("div", { class: "nothing" }, h("strong", null, title), advice && h("p", null, advice));
}
