import { h } from "../preact.js";

/** A value of any shape, as readable text. JSON inside a string is opened. */
export function payload(value) {
  return h("pre", { class: "payload", tabindex: 0 }, text(value));
}

function text(value) {
  const opened = typeof value === "string" ? parsed(value) : value;
  return typeof opened === "string" ? opened : JSON.stringify(opened, null, 2);
}

function parsed(value) {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
