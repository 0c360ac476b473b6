import { h } from "../preact.js";
import { searchKnowledge } from "../client/gateway.js";
import { field, line, valuesOf } from "../parts/form.js";
import { Load } from "../parts/load.js";
import { nothing } from "../parts/notices.js";
import { go } from "../routes.js";

const MOST = 10;

/** Search over the indexed documents. */
export function knowledgePage(parameters, onKeyRefused) {
  const { q } = parameters;
  return [
    h("h1", null, "Knowledge"),
    searchForm(parameters),
    q
      ? h(Load, {
          of: JSON.stringify(parameters),
          load: (signal) => searchKnowledge({ ...parameters, k: MOST }, signal),
          onKeyRefused,
          view: hits,
        })
      : nothing("Ask a question", "The passages nearest in meaning are shown, best first."),
  ];
}

function searchForm({ q = "", category = "" }) {
  return h(
    "form",
    {
      class: "filters",
      role: "search",
      onSubmit: (event) => {
        event.preventDefault();
        go(["knowledge"], valuesOf(event.currentTarget));
      },
    },
    field({ name: "q", label: "Question" }, (attributes) =>
      h("input", { type: "search", value: q, size: 50, autofocus: true, ...attributes }),
    ),
    field({ name: "category", label: "Category" }, line({ value: category, placeholder: "any" })),
    h("button", { class: "button", type: "submit" }, "Search"),
  );
}

function hits({ items }) {
  if (items.length === 0) {
    return nothing(
      "Nothing found",
      "Documents are indexed when a push touches them, or by POST /api/knowledge/documents.",
    );
  }
  return h("ol", { class: "hits" }, items.map(hit));
}

function hit(found) {
  const percent = Math.round(found.similarity * 100);
  return h(
    "li",
    { class: "card hit", key: `${found.source} ${found.chunk_index}` },
    h(
      "div",
      { class: "hit-head" },
      h("h2", { class: "mono" }, found.source),
      h(
        "span",
        { class: "similarity" },
        h("meter", { min: 0, max: 1, value: found.similarity, "aria-label": "Similarity" }),
        h("span", { class: "number" }, `${percent} %`),
      ),
    ),
    h(
      "p",
      { class: "quiet" },
      [(found.heading_path ?? []).join(" › "), place(found), found.category]
        .filter(Boolean)
        .join(" · "),
    ),
    h("p", { class: "passage" }, found.content),
  );
}

function place({ start_line: start, end_line: end, page }) {
  if (start) {
    return `lines ${start}–${end}`;
  }
  return page ? `page ${page}` : null;
}
