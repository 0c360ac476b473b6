import { h } from "../preact.js";

/** A name that somebody made up, of any length, in two lines at most. */
export function named(name) {
  return name ? h("span", { class: "clamp", title: name }, name) : "–";
}

/**
 * A table that scrolls by itself where it is too wide.
 *
 * @param {string} caption what it lists, for screen readers
 * @param {{title: string, cell: (row: object) => any, kind?: string}[]} columns
 * @param {object[]} rows
 * @param {(row: object) => string} key what tells rows apart
 */
export function table(caption, columns, rows, key) {
  return h(
    "div",
    { class: "table-frame", role: "region", "aria-label": caption, tabindex: 0 },
    h(
      "table",
      null,
      h("caption", { class: "spoken" }, caption),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          columns.map((column) => h("th", { scope: "col", class: column.kind }, column.title)),
        ),
      ),
      h(
        "tbody",
        null,
        rows.map((row) =>
          h(
            "tr",
            { key: key(row) },
            columns.map((column) => h("td", { class: column.kind }, column.cell(row))),
          ),
        ),
      ),
    ),
  );
}
