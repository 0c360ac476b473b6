import { h } from "../preact.js";
import { field, valuesOf } from "../parts/form.js";

/** Asks for the API key. */
export function keyPage(signIn, refused) {
  function submit(event) {
    event.preventDefault();
    const { key } = valuesOf(event.currentTarget);
    if (key) {
      signIn(key);
    }
  }
  return h(
    "div",
    { class: "narrow" },
    h("h1", null, "API key"),
    refused &&
      h(
        "div",
        { class: "notice notice-bad", role: "alert" },
        h("strong", null, "The gateway did not accept this key"),
      ),
    h(
      "form",
      { class: "card form", onSubmit: submit },
      field(
        {
          name: "key",
          label: "Key",
          required: true,
          hint: "It stays in this tab and is forgotten when the tab is closed.",
        },
        (attributes) =>
          h("input", {
            type: "password",
            autocomplete: "off",
            spellcheck: false,
            autofocus: true,
            ...attributes,
          }),
      ),
      h(
        "div",
        { class: "form-actions" },
        h("button", { class: "button", type: "submit" }, "Continue"),
      ),
    ),
    h(
      "p",
      { class: "hint" },
      "On one machine it is ",
      h("code", null, "MILLRACE_API_KEY"),
      " in ",
      h("code", null, ".millrace/credentials.env"),
      ".",
    ),
  );
}
