/**
 * Why a call failed, in words for the person who reads the page. The gateway answers errors as
 * application/problem+json (RFC 9457) with `title`, `detail` and `errors: [{field, reason}]`.
 */
export class Problem extends Error {
  /**
   * @param {number} status HTTP status, or 0 when there was no answer
   * @param {string} title kind of problem
   * @param {string} detail this occurrence
   * @param {{field: string, reason: string}[]} errors fields that are wrong
   */
  constructor(status, title, detail, errors = []) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
  }

  /** The reason why this field was refused, or undefined. `/a/b` and `a.b` are the same field. */
  reasonFor(field) {
    return this.errors.find((error) => dotted(error.field) === field)?.reason;
  }

  /** The errors of fields that are none of these. */
  errorsBeside(fields) {
    return this.errors.filter((error) => !fields.includes(dotted(error.field)));
  }

  /** Whether a (different) API key may help. */
  get needsKey() {
    return this.status === 401;
  }
}

/** The problem in an answer that is not 2xx. */
export async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  const title = body.title ?? `The gateway answered ${response.status}`;
  return new Problem(response.status, title, body.detail ?? "", body.errors ?? []);
}

/** The problem behind whatever was thrown by a call. */
export function problemFrom(thrown) {
  if (thrown instanceof Problem) {
    return thrown;
  }
  if (thrown instanceof TypeError) {
    return new Problem(
      0,
      "The gateway does not answer",
      "It may be restarting, or this machine lost its network. The page tries again by itself.",
    );
  }
  throw thrown;
}

function dotted(field) {
  return String(field)
    .replace(/^[/$]\.?/, "")
    .replaceAll("/", ".");
}
