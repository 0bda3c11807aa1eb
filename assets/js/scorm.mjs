// The script of the launch page of a SCORM package, which app/api/scorm_package.py writes: it shows the
// lessons in a frame and tells the learning platform which are answered.

import { byId, element } from "./core/dom.mjs";
import { answersIn, findApi, ScormRecord } from "./scorm/record.mjs";

/**
 * What the launch page holds.
 *
 * @typedef {object} Package
 * @property {string} origin where the lessons are
 * @property {{ key: string, title: string, address: string }[]} lessons
 * @property {Record<"silent" | "alone" | "done" | "open" | "score", string>} texts
 */

/** Milliseconds after which lessons that say nothing are taken not to be shown. */
const SILENCE = 20_000;
/** Milliseconds between two questions to the lessons which are answered. */
const PAUSE = 500;

function start() {
  /** @type {Package} */
  const { origin, lessons, texts } = JSON.parse(byId("package").textContent ?? "");
  const frame = /** @type {HTMLIFrameElement} */ (byId("frame"));
  const keys = lessons.map(({ key }) => key);
  const record = new ScormRecord(findApi(window), keys, Date.now());
  const hasPlatform = record.begin();
  let [shown, heard] = ["", false];

  const links = lessons.map(({ key, title, address }, i) => {
    const link = element("a", { href: address, title }, String(i + 1));
    link.onclick = (event) => {
      event.preventDefault();
      open(key);
    };
    return link;
  });
  byId("lessons").replaceChildren(...links);

  /** @param {string} key */
  function open(key) {
    [shown, heard] = [key, false];
    frame.src = lessons[keys.indexOf(key)].address;
    const asked = frame.src;
    setTimeout(() => {
      if (!heard && frame.src === asked) showNote(texts.silent);
    }, SILENCE);
    show();
  }

  /** @param {string} text */
  function showNote(text) {
    byId("note").textContent = text;
    byId("elsewhere").hidden = text !== texts.silent;
    /** @type {HTMLAnchorElement} */ (byId("elsewhere")).href = frame.src;
  }

  function show() {
    for (const [i, link] of links.entries()) {
      const isDone = keys[i] in record.answers;
      link.dataset.done = String(isDone);
      link.ariaCurrent = keys[i] === shown ? "page" : null;
      link.ariaLabel = `${lessons[i].title}, ${isDone ? texts.done : texts.open}`;
    }
    const done = keys.filter((key) => key in record.answers).length;
    const score = record.score === null ? "" : ` · ${texts.score} ${record.score} %`;
    byId("state").textContent = `${done} / ${keys.length}${record.isComplete ? score : ""}`;
  }

  addEventListener("message", ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== origin) return;
    const answers = answersIn(data, keys);
    if (!answers) return;
    if (!heard) showNote(hasPlatform ? "" : texts.alone);
    heard = true;
    record.add(answers);
    show();
  });
  setInterval(() => {
    if (!heard) frame.contentWindow?.postMessage({ losslab: "report" }, "*");
  }, PAUSE);
  frame.addEventListener("load", () => {
    heard = false; // another page is in the frame, which has not been asked yet
  });
  addEventListener("pagehide", () => record.finish(Date.now()));
  if (!hasPlatform) showNote(texts.alone);
  open(keys.find((key) => !(key in record.answers)) ?? keys[0]);
}

if (globalThis.document) start();
