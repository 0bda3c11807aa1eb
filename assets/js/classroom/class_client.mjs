// Requests of a class, the watch over what changes there, and what a browser keeps of a class.

import { message } from "../core/i18n.mjs";

/**
 * An answer of the server: its status, its body as JSON or as a sentence, and its entity tag. Status 0 means
 * that there was none.
 *
 * @typedef {{ status: number, body: any, sentence: string, etag: string }} Reply
 */

/**
 * Send a request. `value` is sent as JSON.
 *
 * @param {string} method
 * @param {string} path
 * @param {object | null} [value]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<Reply>}
 */
export async function send(method, path, value = null, headers = {}) {
  const typed = value ? { "Content-Type": "application/json", ...headers } : headers;
  const body = value ? JSON.stringify(value) : null;
  try {
    return await readReply(await fetch(path, { method, headers: typed, body, cache: "no-store" }));
  } catch {
    return { status: 0, body: null, sentence: "", etag: "" };
  }
}

/**
 * @param {Response} response
 * @returns {Promise<Reply>}
 */
async function readReply(response) {
  const text = await response.text();
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return {
    status: response.status,
    body: isJson && text ? JSON.parse(text) : null,
    sentence: isJson ? "" : text.trim(),
    etag: response.headers.get("ETag") ?? "",
  };
}

/** Why a request was in vain. @param {string} sentence the sentence of its reply */
export const refusalWords = (sentence) => sentence || message("The server does not answer.");

/** Make 128 random bits, as the server expects a key or a token. */
export const createSecret = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * What a browser keeps under a name; it stays in memory where a browser stores nothing.
 *
 * @template {object} Kept
 */
export class Storage {
  /**
   * @param {string} name
   * @param {number} seconds after which it is forgotten
   */
  constructor(name, seconds) {
    this.name = name;
    this.seconds = seconds;
    /** @type {Kept | null} */
    this.inMemory = null;
  }

  /** @returns {Kept | null} */
  read() {
    try {
      const { at, kept } = JSON.parse(localStorage.getItem(this.name) ?? "{}");
      if (kept && Date.now() - at < 1000 * this.seconds) return kept;
      localStorage.removeItem(this.name);
    } catch {
      // nothing is stored here
    }
    return this.inMemory;
  }

  /** @param {Kept} kept */
  write(kept) {
    this.inMemory = kept;
    try {
      localStorage.setItem(this.name, JSON.stringify({ at: Date.now(), kept }));
    } catch {
      // it stays in memory
    }
  }

  remove() {
    this.inMemory = null;
    try {
      localStorage.removeItem(this.name);
    } catch {
      // there is none
    }
  }
}

/**
 * What a teacher's browser keeps of its class; `first` brings one back that was handed over to it.
 *
 * @typedef {{ key: string, code: string, addresses: string[], word?: string, first?: string }} KeptClass
 */

/** Seconds for which a teacher's browser keeps its class. */
export const TEACHER_SECONDS = 8 * 3600;

/** @returns {Storage<KeptClass>} */
export const createClassStorage = () => new Storage("losslab.class", TEACHER_SECONDS);

/**
 * Reads an address again and again, and at once when the page wakes up. What has not changed is not sent
 * again; a hidden page does not ask.
 */
export class Watch {
  /**
   * @param {() => { path: string, headers?: Record<string, string> }} target what to read
   * @param {(reply: Reply) => number} onReply returns the seconds until the next look; 0 ends the watch
   */
  constructor(target, onReply) {
    this.target = target;
    this.onReply = onReply;
    this.etag = "";
    this.running = true;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** Counts looks, so that a reply that was overtaken is dropped. */
    this.looks = 0;
    const wake = () => document.hidden || this.look();
    document.addEventListener("visibilitychange", wake);
    for (const event of ["online", "pageshow", "focus"]) addEventListener(event, wake);
  }

  /** Look now. */
  async look() {
    if (!this.running) return;
    clearTimeout(this.timer);
    this.looks += 1;
    const look = this.looks;
    const { path, headers = {} } = this.target();
    const tags = this.etag ? { ...headers, "If-None-Match": this.etag } : headers;
    const reply = await send("GET", path, null, tags);
    if (look !== this.looks || !this.running) return;
    if (reply.etag) this.etag = reply.etag;
    const seconds = this.onReply(reply);
    this.running = seconds > 0;
    if (this.running && !document.hidden) this.timer = setTimeout(() => this.look(), jitter(seconds));
  }

  stop() {
    this.running = false;
    clearTimeout(this.timer);
  }
}

/**
 * Milliseconds of at most so many seconds; they differ, so that phones do not ask all at once.
 *
 * @param {number} seconds
 */
const jitter = (seconds) => 1000 * seconds * (0.8 + 0.2 * Math.random());

/** What a screen tells: a refusal until something succeeds, or that the server is away until it is back. */
export class Trouble {
  /** @param {() => unknown} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.refused = "";
    this.away = "";
  }

  get sentence() {
    return this.away || this.refused;
  }

  /** @param {string} sentence empty once a press or an answer has succeeded */
  setRefused(sentence) {
    this.set("refused", sentence);
  }

  /** @param {string} sentence empty once the server answers again */
  setAway(sentence) {
    this.set("away", sentence);
  }

  /**
   * @param {"refused" | "away"} kind
   * @param {string} sentence
   */
  set(kind, sentence) {
    const before = this.sentence;
    this[kind] = sentence;
    if (this.sentence !== before) this.onChange();
  }
}

/** The letter of a choice. @param {number} index */
export const letterOf = (index) => String.fromCharCode(65 + index);
