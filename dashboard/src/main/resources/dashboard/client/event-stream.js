import { problemOf, problemFrom } from "./problem.js";
import { apiKey } from "./session.js";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15_000;

/**
 * Follows server-sent events. EventSource cannot send an API key, so this reads the stream of a
 * fetch; like EventSource it connects again after a loss.
 *
 * @param {string} path what to follow
 * @param {{onEvent: (event: object) => void, onState: (state: object) => void}} to `onEvent` gets
 *   `{id, type, data}` and `onState` gets `{connected: true}`, `{connected: false}` or `{connected: false, problem}`
 * @returns {() => void} stops following
 */
export function follow(path, { onEvent, onState }) {
  const stop = new AbortController();
  let delayMs = FIRST_DELAY_MS;

  async function read() {
    const headers = { Accept: "text/event-stream", "X-API-Key": apiKey() ?? "" };
    const response = await fetch(path, { headers, signal: stop.signal, cache: "no-store" });
    if (!response.ok) {
      throw await problemOf(response);
    }
    onState({ connected: true });
    delayMs = FIRST_DELAY_MS;
    const parse = parser(onEvent);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parse(part.value);
    }
  }

  async function run() {
    while (!stop.signal.aborted) {
      try {
        await read();
        onState({ connected: false });
      } catch (thrown) {
        if (stop.signal.aborted) {
          return;
        }
        const problem = problemFrom(thrown);
        onState({ connected: false, problem });
        if (problem.needsKey) {
          return;
        }
      }
      await pause(delayMs, stop.signal);
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    }
  }

  run();
  return () => stop.abort();
}

/**
 * Takes the text of a stream piece by piece and hands on each event that is complete.
 *
 * @param {(event: {id: ?string, type: string, data: string}) => void} onEvent
 */
export function parser(onEvent) {
  let rest = "";
  let id = null;
  let type = "message";
  let data = [];

  function line(text) {
    if (text === "") {
      if (data.length > 0) {
        onEvent({ id, type, data: data.join("\n") });
      }
      type = "message";
      data = [];
      return;
    }
    const colon = text.indexOf(":");
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "data") {
      data.push(value);
    } else if (field === "event") {
      type = value;
    } else if (field === "id") {
      id = value;
    }
  }

  return (text) => {
    const lines = (rest + text).split(/\r\n|\n/);
    rest = lines.pop();
    lines.forEach(line);
  };
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
