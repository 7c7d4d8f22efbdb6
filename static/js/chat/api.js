/** Calls of the JSON API with the page's cookie. */

/**
 * @param {string} method
 * @param {string} path below /api/v1/
 * @param {object} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<any>} the answer's body, null for an empty one; throws Refusal
 */
export async function call(method, path, body, headers = {}) {
  const answer = await fetch(`/api/v1/${path}`, {
    method,
    headers: {
      "X-CSRFToken": document.body.dataset.csrf ?? "",
      ...(body ? { "Content-Type": "application/json" } : {}),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, told.code ?? "", told.detail ?? "");
  return told;
}

/** What the server said no to. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} detail a sentence for people
   */
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}
