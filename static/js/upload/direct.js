/** The same transfer straight to the object store: parts by signed addresses, put together by the server once all are there. */

import { problemOf, Speedometer, Transfer } from "./tus.js";

/** @typedef {{number: number, offset: number, size: number, url: string, etag: string}} Part */

export class DirectTransfer extends Transfer {
  /** @type {Part[]} */
  parts = [];

  /** The same key finds the same upload again, freshly signed, with the parts that have arrived. */
  async create() {
    const response = await this.ask(`${this.endpoint}/direct`, { length: this.file.size, filename: this.name }, this.key ? { "Idempotency-Key": this.key } : {});
    const { id, parts } = await response.json();
    this.parts = parts;
    this.sent = this.parts.filter(({ etag }) => etag).reduce((/** @type {number} */ sum, /** @type {Part} */ { size }) => sum + size, 0);
    if (this.id === id) return;
    this.url = new URL(`${this.endpoint}/${id}`, document.baseURI).href;
    this.dispatchEvent(new Event("created"));
  }

  find() {
    return this.create();
  }

  /** @returns {Promise<void>} */
  send() {
    const part = this.parts.find(({ etag }) => !etag);
    if (!part) return Promise.reject({ status: 409, code: "", detail: "" });
    const before = this.sent;
    const meter = new Speedometer(this);
    return new Promise((resolve, reject) => {
      const request = (this.request = new XMLHttpRequest());
      request.open("PUT", part.url);
      request.upload.onprogress = (event) => meter.tick(before + event.loaded);
      request.onload = () => {
        // A signature that ran out is no refusal: asking again brings a new one.
        if (request.status !== 200) return reject({ status: 0, code: "store", detail: "" });
        part.etag = request.getResponseHeader("ETag") ?? "";
        this.sent = before + part.size;
        resolve();
      };
      request.onerror = request.onabort = request.ontimeout = () => reject({ status: 0, code: "network", detail: "" });
      request.send(this.file.slice(part.offset, part.offset + part.size));
    });
  }

  async finish() {
    await this.ask(`${this.endpoint}/${this.id}/complete`, { parts: this.parts.map(({ number, etag }) => ({ number, etag })) }, {});
    await super.finish();
  }

  /**
   * @param {string} url
   * @param {object} body
   * @param {Record<string, string>} headers
   */
  async ask(url, body, headers) {
    const response = await fetch(url, { method: "POST", headers: { ...this.headers(), ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) }).catch(() => null);
    if (!response) throw { status: 0, code: "network", detail: "" };
    if (!response.ok) throw problemOf(response.status, await response.text());
    return response;
  }
}
