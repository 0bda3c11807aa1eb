// Time: the pace of a movement, waiting, and work for when the browser has nothing else to do.

/**
 * A share of a movement that starts and ends slowly.
 *
 * @param {number} share of its time
 */
export const ease = (share) => share * share * (3 - 2 * share);

/** @param {number} milliseconds */
export const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param {() => void} work */
export const whenIdle = (work) => (window.requestIdleCallback ?? setTimeout)(work);
