// The loss as a tone, on request: the higher the loss, the higher the tone.

import { byId } from "../core/dom.mjs";

/** Frequency of the lowest loss in Hz, and octaves up to the highest. */
const LOWEST_FREQUENCY = 160;
const OCTAVES = 2.5;
/** Length of a tone in seconds, and its volume at the beginning and the end. */
const DURATION = 0.18;
const [FIRST_VOLUME, LAST_VOLUME] = [0.15, 1e-3];
/** Smaller losses sound the same; a loss of 0 has no logarithm. */
const SMALLEST_LOSS = 1e-30;

/**
 * The place of a loss between the lowest and the highest of its run on a logarithmic scale, 0 to 1.
 *
 * @param {ArrayLike<number>} losses
 * @param {number} k
 */
export function relativeLoss(losses, k) {
  const logarithms = Array.from(losses, (loss) => Math.log(Math.max(loss, SMALLEST_LOSS)));
  const finite = logarithms.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (!Number.isFinite(logarithms[k])) return 1;
  return high > low ? (logarithms[k] - low) / (high - low) : 0;
}

export class Sonification {
  /**
   * The sound device while the sound is on.
   *
   * @type {AudioContext | null}
   */
  audio = null;

  constructor() {
    const button = byId("sound");
    button.hidden = !("AudioContext" in window);
    button.onclick = () => {
      this.toggle();
      button.ariaPressed = String(Boolean(this.audio));
    };
  }

  toggle() {
    this.audio?.close();
    this.audio = this.audio ? null : new AudioContext();
  }

  /**
   * Play a short tone for the loss of step k.
   *
   * @param {ArrayLike<number>} losses
   * @param {number} k
   */
  playStep(losses, k) {
    if (!this.audio) return;
    const [oscillator, volume] = [this.audio.createOscillator(), this.audio.createGain()];
    const now = this.audio.currentTime;
    oscillator.frequency.value = LOWEST_FREQUENCY * 2 ** (OCTAVES * relativeLoss(losses, k));
    volume.gain.setValueAtTime(FIRST_VOLUME, now);
    volume.gain.exponentialRampToValueAtTime(LAST_VOLUME, now + DURATION);
    oscillator.connect(volume).connect(this.audio.destination);
    oscillator.start(now);
    oscillator.stop(now + DURATION);
  }
}
