// The loss as a tone, on request: high on the slope, low in the valley.

import { at } from "../core/dom.mjs";

const LOW = 160;
const OCTAVES = 2.5;
const LASTS = 0.18;

/** Where a loss lies between the lowest and the highest of its run, by its logarithm; 0 to 1. */
function share(losses, k) {
  const heights = Array.from(losses, (loss) => Math.log(Math.max(loss, 1e-30)));
  const finite = heights.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (!Number.isFinite(heights[k])) return 1;
  return high > low ? (heights[k] - low) / (high - low) : 0;
}

export class Sound {
  constructor() {
    const button = at("sound");
    button.hidden = !("AudioContext" in window);
    button.onclick = () => {
      this.ear = this.ear ? void this.ear.close() : new AudioContext();
      button.ariaPressed = String(Boolean(this.ear));
    };
  }

  /** One short tone for step k. */
  stand(losses, k) {
    if (!this.ear) return;
    const [tone, volume, now] = [this.ear.createOscillator(), this.ear.createGain(), this.ear.currentTime];
    tone.frequency.value = LOW * 2 ** (OCTAVES * share(losses, k));
    volume.gain.setValueAtTime(0.15, now);
    volume.gain.exponentialRampToValueAtTime(1e-3, now + LASTS);
    tone.connect(volume).connect(this.ear.destination);
    tone.start(now);
    tone.stop(now + LASTS);
  }
}
