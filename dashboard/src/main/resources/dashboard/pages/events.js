import { h } from "../preact.js";
import { LIVE_TOPICS, listEvents } from "../client/gateway.js";
import { eventTable } from "../parts/events.js";
import { choice, field, line, valuesOf } from "../parts/form.js";
import { LiveEvents } from "../parts/live-events.js";
import { Load } from "../parts/load.js";
import { nothing } from "../parts/notices.js";
import { go, to } from "../routes.js";

const PAGE = 50;

/** Events as they happen, and those of before, with filters that are part of the address. */
export function eventsPage(parameters, onKeyRefused) {
  const { topic = "" } = parameters;
  return [
    h("h1", null, "Events"),
    h(LiveEvents, { key: topic, topic, onKeyRefused, filter: topicFilter(parameters) }),
    h(
      "section",
      { class: "card" },
      h("div", { class: "card-head" }, h("h2", null, "Recorded"), pastFilter(parameters)),
      h(Load, {
        of: `${parameters.type} ${parameters.cursor}`,
        load: (signal) =>
          listEvents({ type: parameters.type, cursor: parameters.cursor, limit: PAGE }, signal),
        onKeyRefused,
        view: (page) => recorded(page, parameters),
      }),
    ),
  ];
}

function topicFilter(parameters) {
  const options = [["", "all topics"], ...LIVE_TOPICS.map((topic) => [topic, topic])];
  return h(
    "form",
    {
      class: "filters",
      onSubmit: (event) => event.preventDefault(),
      onChange: (event) => go(["events"], { ...parameters, ...chosen(event, "topic") }),
    },
    field({ name: "topic", label: "Topic" }, choice(options, parameters.topic ?? "")),
  );
}

function pastFilter(parameters) {
  const apply = (event) => {
    event.preventDefault();
    go(["events"], { ...parameters, ...chosen(event, "type"), cursor: "" });
  };
  return h(
    "form",
    { class: "filters", onSubmit: apply, onChange: apply },
    field(
      { name: "type", label: "Type" },
      line({ value: parameters.type ?? "", placeholder: "any, or github_push …" }),
    ),
  );
}

function chosen(event, name) {
  return { [name]: valuesOf(event.currentTarget)[name] ?? "" };
}

function recorded({ items, next }, parameters) {
  if (items.length === 0) {
    return nothing("No event is like that", "Clear the type to see all events.");
  }
  return [
    eventTable("Recorded events, newest first", items),
    h(
      "div",
      { class: "pager" },
      parameters.cursor &&
        h("a", { href: to(["events"], { ...parameters, cursor: "" }) }, "Newest"),
      next && h("a", { href: to(["events"], { ...parameters, cursor: next }) }, "Older"),
    ),
  ];
}
