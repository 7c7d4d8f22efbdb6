/**
 * A resumable upload by the tus 1.0.0 protocol: create, send in chunks, ask for the offset after any doubt, go on.
 * Events: "change" (see `snapshot`), "done", "refused" (detail: Problem).
 */

const CHUNK = 8 * 1024 * 1024;
const PATIENCE = [1, 2, 4, 8, 15, 30];

/** @typedef {{status: number, code: string, detail: string}} Problem */
/** @typedef {"connecting" | "sending" | "paused" | "waiting" | "done" | "refused" | "cancelled"} State */

export class Transfer extends EventTarget {
  /**
   * @param {File | Blob} file
   * @param {{endpoint: string, csrf: string, name: string, url?: string | null, key?: string}} options url continues an earlier upload;
   *   the same key begins the same one again when an answer was lost
   */
  constructor(file, { endpoint, csrf, name, url = null, key = "" }) {
    super();
    this.file = file;
    this.endpoint = endpoint;
    this.csrf = csrf;
    this.name = name;
    this.url = url;
    this.key = key;
    /** @type {State} */
    this.state = "connecting";
    this.sent = 0;
    /** Bytes per second, smoothed. */
    this.speed = 0;
    /** Seconds until the next try, while waiting. */
    this.retryIn = 0;
    this.failures = 0;
    /** @type {XMLHttpRequest | null} */
    this.request = null;
    this.run = 0;
  }

  get id() {
    return this.url ? this.url.replace(/\/+$/, "").split("/").pop() ?? "" : "";
  }

  start() {
    this.run += 1;
    this.go(this.run);
  }

  pause() {
    this.run += 1;
    this.request?.abort();
    this.speed = 0;
    this.become("paused");
  }

  /** Also takes the bytes back from the server. */
  async cancel() {
    this.pause();
    this.become("cancelled");
    if (this.url) await fetch(this.url, { method: "DELETE", headers: this.headers() }).catch(() => undefined);
  }

  /** @param {number} run a later start or pause ends this loop */
  async go(run) {
    const current = () => run === this.run;
    while (current()) {
      try {
        this.become("connecting");
        if (this.url) await this.find();
        else await this.create();
        while (current() && this.sent < this.file.size) {
          this.become("sending");
          await this.send();
          this.failures = 0;
        }
        if (current()) await this.finish();
        return;
      } catch (problem) {
        if (!current()) return;
        if (!(await this.recover(/** @type {Problem} */ (problem), current))) return;
      }
    }
  }

  async finish() {
    this.become("done");
    this.dispatchEvent(new Event("done"));
  }

  /**
   * @param {Problem} problem
   * @param {() => boolean} current
   * @returns {Promise<boolean>} whether to try again
   */
  async recover(problem, current) {
    const { status } = problem;
    if (this.url && (status === 404 || status === 410)) {
      // Expired or aborted on the other side: begin again.
      this.url = null;
      this.key = "";
      this.sent = 0;
      return true;
    }
    const passing = !status || status === 409 || status === 423 || status === 429 || status >= 500;
    if (!passing) {
      this.become(status === 401 ? "paused" : "refused");
      this.dispatchEvent(new CustomEvent("refused", { detail: problem }));
      return false;
    }
    await this.wait(PATIENCE[Math.min(this.failures++, PATIENCE.length - 1)], current);
    return current();
  }

  /**
   * @param {number} seconds
   * @param {() => boolean} current
   */
  async wait(seconds, current) {
    this.speed = 0;
    for (this.retryIn = seconds; (this.retryIn > 0 || !navigator.onLine) && current(); this.retryIn--) {
      this.become("waiting");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  async create() {
    const metadata = { filename: this.name, filetype: this.file.type || "video/mp4" };
    const response = await this.fetch(this.endpoint, "POST", {
      ...(this.key ? { "Idempotency-Key": this.key } : {}),
      "Upload-Length": String(this.file.size),
      "Upload-Metadata": Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`).join(","),
    });
    const location = response.headers.get("Location");
    if (!location) throw { status: 500, code: "no_location", detail: "" };
    this.url = new URL(location, document.baseURI).href;
    // A key that was used before brings an upload that has bytes already.
    this.sent = Number(response.headers.get("Upload-Offset") ?? 0);
    this.dispatchEvent(new Event("created"));
  }

  async find() {
    const response = await this.fetch(/** @type {string} */ (this.url), "HEAD", {});
    this.sent = Number(response.headers.get("Upload-Offset"));
  }

  /**
   * @param {string} url
   * @param {string} method
   * @param {Record<string, string>} headers
   */
  async fetch(url, method, headers) {
    const response = await fetch(url, { method, headers: { ...this.headers(), ...headers } }).catch(() => null);
    if (!response) throw { status: 0, code: "network", detail: "" };
    if (!response.ok) throw problemOf(response.status, await response.text());
    return response;
  }

  /** One chunk, by XMLHttpRequest because fetch tells nothing about what left. @returns {Promise<void>} */
  send() {
    const from = this.sent;
    const meter = new Speedometer(this);
    return new Promise((resolve, reject) => {
      const request = (this.request = new XMLHttpRequest());
      request.open("PATCH", /** @type {string} */ (this.url));
      for (const [name, value] of Object.entries(this.headers())) request.setRequestHeader(name, value);
      request.setRequestHeader("Upload-Offset", String(from));
      request.setRequestHeader("Content-Type", "application/offset+octet-stream");
      request.upload.onprogress = (event) => meter.tick(from + event.loaded);
      request.onload = () => {
        if (request.status !== 204 && request.status !== 200) return reject(problemOf(request.status, request.responseText));
        this.sent = Number(request.getResponseHeader("Upload-Offset"));
        resolve();
      };
      request.onerror = request.onabort = request.ontimeout = () => reject({ status: 0, code: "network", detail: "" });
      request.send(this.file.slice(from, from + CHUNK));
    });
  }

  headers() {
    return { "Tus-Resumable": "1.0.0", "X-CSRFToken": this.csrf };
  }

  /** @param {State} state */
  become(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

/** Smooths the speed and tells at most four times a second. */
export class Speedometer {
  /** @param {Transfer} transfer */
  constructor(transfer) {
    this.transfer = transfer;
    this.at = performance.now();
    this.bytes = transfer.sent;
  }

  /** @param {number} bytes sent in all */
  tick(bytes) {
    const now = performance.now();
    if (now - this.at < 250 && bytes < this.transfer.file.size) return;
    const speed = ((bytes - this.bytes) / Math.max(1, now - this.at)) * 1000;
    this.transfer.speed = this.transfer.speed ? this.transfer.speed * 0.75 + speed * 0.25 : speed;
    this.transfer.sent = Math.min(bytes, this.transfer.file.size);
    this.at = now;
    this.bytes = bytes;
    this.transfer.become("sending");
  }
}

/** @param {string} text UTF-8 */
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/**
 * @param {number} status
 * @param {string} body problem+json, or anything
 * @returns {Problem}
 */
export function problemOf(status, body) {
  try {
    const { code = "", detail = "" } = JSON.parse(body);
    return { status, code, detail };
  } catch {
    return { status, code: "", detail: "" };
  }
}
