/** The API key of this tab: asked for once, gone when the tab is closed. */

const NAME = "millrace.api-key";

export function apiKey() {
  return sessionStorage.getItem(NAME);
}

export function rememberApiKey(key) {
  sessionStorage.setItem(NAME, key);
}

export function forgetApiKey() {
  sessionStorage.removeItem(NAME);
}
