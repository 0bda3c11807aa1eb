// The class of a teacher's browser: what the browser keeps of it, and requests with its key.

import { message } from "../core/i18n.mjs";
import { createClassStorage, createSecret, refusalWords, send } from "./class_client.mjs";
import { isShared, notSharedWords } from "./class_home.mjs";

/** @import { Face } from "../protocol.js" */
/** @import { KeptClass, Reply } from "./class_client.mjs" */

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
/** How long a teacher's key is tried for a code that no other class has. */
const ATTEMPTS = 5;

export class ClassSession {
  constructor() {
    this.storage = createClassStorage();
    /** @type {KeptClass | null} */
    this.kept = this.storage.read();
    /** The entity tag of the face that this screen has seen, for its presses. */
    this.seen = "";
    /** Whether the teachers' word was asked for to bring the class back. */
    this.hasAskedWord = false;
  }

  /**
   * Start a class; ask for the teachers' word where one is needed.
   *
   * @param {string} link
   * @param {string} [word]
   * @returns {Promise<string>} why there is no class; empty if there is one
   */
  async start(link, word = "") {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const key = createSecret();
      const { status, body, sentence } = await send("POST", "class/", { key, link, word });
      if (status === 200) return this.keep({ key, code: body.code, addresses: body.addresses, word });
      if (status === 403 && !word) {
        const asked = prompt(sentence);
        return asked ? this.start(link, asked) : sentence;
      }
      if (status !== 409) return refusalWords(sentence);
    }
    return message("The server does not answer.");
  }

  /**
   * Keep a class that was started, if all servers behind this address know it.
   *
   * @param {KeptClass} kept
   * @returns {Promise<string>} why there is no class; empty if there is one
   */
  async keep(kept) {
    this.kept = kept;
    if (await isShared(this.path, this.authorization)) {
      this.storage.write(kept);
      return "";
    }
    this.kept = null;
    return notSharedWords();
  }

  /**
   * Open the class again; a screen to which it was handed over asks once for the teachers' word.
   *
   * @param {string} link
   * @returns {Promise<Reply>}
   */
  async reopen(link) {
    const { key, word = "", first = "" } = this.kept ?? {};
    const reply = await send("POST", "class/", { key, link, word, first });
    if (reply.status !== 403 || this.hasAskedWord || !this.kept) return reply;
    this.hasAskedWord = true;
    const asked = prompt(reply.sentence);
    if (!asked) return reply;
    this.kept.word = asked;
    this.storage.write(this.kept);
    return this.reopen(link);
  }

  /** Forget the class. */
  forget() {
    this.storage.remove();
  }

  get path() {
    return `class/${this.kept?.code}`;
  }

  get authorization() {
    return { Authorization: `Bearer ${this.kept?.key}` };
  }

  /** The code that phones type. */
  get code() {
    return this.kept?.code ?? "";
  }

  /** The address of the page for phones; empty if no phone can open it. */
  get address() {
    const { addresses = [] } = this.kept ?? {};
    if (!LOOPBACK.test(location.hostname)) return new URL("class/", location.href.split("?")[0]).href;
    return addresses[0] ? `${addresses[0]}class/` : "";
  }

  /** @param {Face} face */
  see({ born, version, every }) {
    this.seen = `"${born}-${version}-${every}"`;
  }

  /**
   * Send a change of the class as this screen has seen it.
   *
   * @param {"turn" | "settings"} part
   * @param {object} value
   */
  change(part, value) {
    const headers = { ...this.authorization, "If-Match": this.seen };
    return send("PUT", `${this.path}/${part}`, value, headers);
  }

  /**
   * Fetch the question of a turn in the language of the page.
   *
   * @param {number} turn
   */
  fetchQuestion(turn) {
    return send("GET", `${this.path}/question?turn=${turn}&lang=${document.documentElement.lang}`);
  }

  /** Fetch the counts of all turns. */
  fetchTallies() {
    return send("GET", `${this.path}/tallies`, null, this.authorization);
  }

  /**
   * Let the phone that shows these digits move the class.
   *
   * @param {string} digits
   */
  admitRemote(digits) {
    return send("PUT", `${this.path}/remote`, { digits }, this.authorization);
  }

  /** End the class for everyone. */
  end() {
    return send("DELETE", this.path, null, this.authorization);
  }
}
