// The pace of a movement.

/**
 * A share of a movement that starts and ends slowly.
 *
 * @param {number} share of its time
 */
export const ease = (share) => share * share * (3 - 2 * share);
