// What a phone tries: a start and a rate, and how its own run ended.

import { buttonElement, element } from "../core/dom.mjs";
import { formatNumber, message } from "../core/i18n.mjs";
import { send } from "./class_client.mjs";
import { createPlaceField, roundTo6 } from "./place_field.mjs";

/** @import { Attempt, AttemptField } from "../protocol.js" */

/** Stops of the slider of rates. */
const STOPS = 240;
/** Seconds between two requests of a run that has to wait, and as many more at random. */
const WAIT_SECONDS = 2;

/**
 * Whether an answer is a start and a rate.
 *
 * @param {unknown} value
 * @returns {value is Attempt}
 */
export const isAttempt = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * A map with two sliders for the start, and one for the rate. It has no marks, and begins anywhere, so that
 * it gives nothing away.
 *
 * @param {AttemptField} field
 * @param {Attempt | null} own what this phone has sent
 * @param {(attempt: Attempt) => void} submit
 */
export function createAttemptField({ map, rates: [low, high] }, own, submit) {
  const place = createPlaceField(map, own?.start ?? map.start);
  const rateAt = (/** @type {number} */ stop) => roundTo6(low * (high / low) ** (stop / STOPS));
  const first = own ? Math.round((STOPS * Math.log(own.rate / low)) / Math.log(high / low)) : anyStop();
  const input = element("input", { type: "range", min: "0", max: String(STOPS), step: "1" });
  input.value = String(first);
  const text = element("output");
  const draw = () => {
    text.textContent = formatNumber(rateAt(Number(input.value)));
    input.setAttribute("aria-valuetext", text.textContent);
  };
  input.oninput = draw;
  draw();
  const button = buttonElement(
    message("Try this"),
    () => submit({ start: place.read(), rate: rateAt(Number(input.value)) }),
    { className: "dark big" },
  );
  const rate = element("label", { className: "axis rate" }, message("learning rate"), input, text);
  const how = element("p", {}, message("Tap a start on the map, or use the sliders."));
  return [how, ...place.parts, rate, button];
}

const anyStop = () => Math.floor(STOPS * Math.random());

/**
 * What a phone has tried, in a sentence.
 *
 * @param {Attempt | null} attempt
 */
export function attemptWords(attempt) {
  if (!attempt) return message("You have not tried a rate.");
  const [u, v] = attempt.start.map(formatNumber);
  return message("You started at ({u}, {v}) with rate {rate}.", { u, v, rate: formatNumber(attempt.rate) });
}

/**
 * What the rings on the wall say about a student; empty if there is none around this one's dot.
 *
 * @param {number[]} lit numbers of students: who arrived first, nearest below the cliff, first beyond it
 * @param {number} number
 */
export function ringWords(lit, number) {
  const words = [
    message("Your dot is ringed on the wall: you were there soonest."),
    message("Your dot is ringed on the wall: it is the last one before the cliff."),
    message("Your dot is ringed on the wall: it is the first one beyond the cliff."),
  ];
  return words.filter((_, i) => number && lit[i] === number).join(" ");
}

/** Asks how the run of this phone ends; while there are many, it waits and says so. */
export class OwnRun {
  /** @param {(sentence: string) => void} onSentence */
  constructor(onSentence) {
    this.onSentence = onSentence;
    /** What was asked for. */
    this.asked = "";
    this.sentence = "";
  }

  /**
   * Ask for a run, unless it is the one that was asked for.
   *
   * @param {string} link
   * @param {Attempt} attempt
   */
  async ask(link, { start, rate }) {
    const order = { link, starts: [start], rates: [rate] };
    const asked = JSON.stringify(order);
    if (asked === this.asked) return;
    this.asked = asked;
    const path = `../cloud?lang=${document.documentElement.lang}`;
    this.say(message("Your run is being computed."));
    while (asked === this.asked) {
      const { status, body, sentence } = await send("POST", path, order);
      if (asked !== this.asked) return;
      if (status === 200) return this.say(body.verdict);
      if (status && status < 500 && status !== 429) return this.say(sentence);
      this.say(message("Many runs are waiting. Yours comes by itself."));
      await pause(WAIT_SECONDS * (1 + Math.random()));
    }
  }

  /** @param {string} sentence */
  say(sentence) {
    this.sentence = sentence;
    this.onSentence(sentence);
  }
}

/** @param {number} seconds */
export const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
