import { h } from "../preact.js";
import { clock } from "./moment.js";
import { payload } from "./payload.js";
import { words } from "./status.js";
import { table } from "./table.js";
import { to } from "../routes.js";

const COLUMNS = [
  { title: "Time", kind: "nowrap number", cell: (event) => clock(event.timestamp) },
  { title: "Event", cell: (event) => h("span", { class: "tag" }, words(event.event_type)) },
  { title: "About", kind: "wide", cell: about },
  { title: "From", cell: (event) => event.source ?? "–" },
  { title: "Data", cell: data },
];

export function eventTable(caption, events) {
  return table(caption, COLUMNS, events, keyOf);
}

function keyOf(event) {
  return String(event.id ?? event.event_id);
}

function about(event) {
  return event.task_id
    ? h("a", { class: "mono", href: to(["tasks", event.task_id]) }, event.subject ?? event.task_id)
    : h("span", { class: "mono" }, event.subject ?? "–");
}

function data(event) {
  return event.data == null
    ? h("span", { class: "quiet" }, "–")
    : h("details", null, h("summary", null, "Show"), payload(event.data));
}
