import { h } from "../preact.js";

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const DAY_AND_CLOCK = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  second: "2-digit",
});
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** When something was, as time passed; the exact time is in the tooltip. */
export function ago(instant) {
  const date = dateOf(instant);
  return date === null ? none() : element(date, passed(date));
}

/** When something was, as time of day, with the day unless it is today's. */
export function clock(instant) {
  const date = dateOf(instant);
  if (date === null) {
    return none();
  }
  const isToday = date.toDateString() === new Date().toDateString();
  return element(date, (isToday ? CLOCK : DAY_AND_CLOCK).format(date));
}

/** When something was, exactly. */
export function exact(instant) {
  const date = dateOf(instant);
  return date === null ? none() : element(date, EXACT.format(date));
}

/** Seconds as people say them: `3 d 4 h`, `12 min`, `41 s`. */
export function duration(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  if (days > 0) {
    return `${days} d ${hours} h`;
  }
  if (hours > 0) {
    return `${hours} h ${minutes} min`;
  }
  return minutes > 0 ? `${minutes} min` : `${Math.floor(seconds)} s`;
}

function element(date, text) {
  return h("time", { datetime: date.toISOString(), title: EXACT.format(date) }, text);
}

function none() {
  return h("span", { class: "quiet" }, "–");
}

function dateOf(instant) {
  const date = instant ? new Date(instant) : null;
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}

function passed(date) {
  const seconds = (date.getTime() - Date.now()) / 1_000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) {
      return RELATIVE.format(Math.trunc(seconds / length), unit);
    }
  }
  return Math.abs(seconds) < 5 ? "now" : RELATIVE.format(Math.trunc(seconds), "second");
}
