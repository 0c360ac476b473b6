import { h } from "../preact.js";

/**
 * A labelled control with its hint and the reason why it was refused.
 *
 * @param {{name: string, label: string, hint?: string, reason?: string, required?: boolean, id?: string}} field
 *   `id` where several fields of one name are on a page
 * @param {(attributes: object) => object} control draws the control with these attributes
 */
export function field({ name, label, hint, reason, required, id: given }, control) {
  const id = given ?? `field-${name.replaceAll(".", "-")}`;
  const notes = [hint && `${id}-hint`, reason && `${id}-reason`].filter(Boolean);
  const attributes = {
    id,
    name,
    required,
    "aria-invalid": reason ? "true" : undefined,
    "aria-describedby": notes.length > 0 ? notes.join(" ") : undefined,
  };
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label, required && h("span", { class: "quiet" }, " (required)")),
    control(attributes),
    hint && h("p", { id: `${id}-hint`, class: "hint" }, hint),
    reason && h("p", { id: `${id}-reason`, class: "reason" }, reason),
  );
}

/** A choice between fixed values, `[value, words]` each. */
export function choice(options, chosen) {
  return (attributes) =>
    h(
      "select",
      attributes,
      options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)),
    );
}

/** One line of text. */
export function line(more = {}) {
  return (attributes) => h("input", { type: "text", autocomplete: "off", ...attributes, ...more });
}

/** One line of text with proposals. */
export function proposing(id, proposals, attributes) {
  return [
    h("input", { type: "text", list: id, autocomplete: "off", ...attributes }),
    h(
      "datalist",
      { id },
      proposals.map((value) => h("option", { value })),
    ),
  ];
}

/** The values of a form, without those left empty. */
export function valuesOf(form) {
  const filled = [...new FormData(form)].filter(([, value]) => value.trim() !== "");
  return Object.fromEntries(filled.map(([name, value]) => [name, value.trim()]));
}
