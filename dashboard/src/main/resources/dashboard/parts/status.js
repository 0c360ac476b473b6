import { h } from "../preact.js";

/** The tone of every status the gateway knows; others are neutral. */
const TONES = new Map(
  Object.entries({
    up: "good",
    ok: "good",
    live: "good",
    healthy: "good",
    completed: "good",
    succeeded: "good",
    execute: "good",
    pending: "calm",
    queued: "calm",
    assigned: "busy",
    in_progress: "busy",
    started: "busy",
    degraded: "warn",
    paused: "warn",
    "waits for approval": "warn",
    reconnecting: "warn",
    warning: "warn",
    escalate: "warn",
    skipped: "warn",
    down: "bad",
    failed: "bad",
    critical: "bad",
  }),
);

/** A status as a mark and a word, so that it does not depend on colour. */
export function statusMark(status) {
  const name = String(status ?? "unknown").toLowerCase();
  return h(
    "span",
    { class: `mark mark-${TONES.get(name) ?? "calm"}` },
    h("span", { class: "mark-dot", "aria-hidden": "true" }),
    words(name),
  );
}

/** `in_progress` as people write it: `in progress`. */
export function words(name) {
  return String(name).replaceAll("_", " ");
}
