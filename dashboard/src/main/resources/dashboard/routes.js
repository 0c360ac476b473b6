/**
 * Places in the page, kept in the part of the address after `#` so that each can be bookmarked and
 * the browser's back button works: `#/tasks?status=failed`.
 */

/** Where the page is: the parts of the path and the parameters. */
export function here() {
  const [path, query = ""] = location.hash.replace(/^#/, "").split("?");
  return {
    parts: path.split("/").filter(Boolean).map(decoded),
    parameters: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** A part as it was meant; as it stands where somebody cut an address in the middle. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a place. Parameters without a value are left out. */
export function to(parts, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value) {
      query.set(name, value);
    }
  }
  const path = parts.map(encodeURIComponent).join("/");
  return query.size > 0 ? `#/${path}?${query}` : `#/${path}`;
}

export function go(parts, parameters) {
  location.hash = to(parts, parameters);
}

/** Calls back whenever the place changes. */
export function onMove(callback) {
  addEventListener("hashchange", callback);
}
