// Where a plot begins in its card. What lies on a plot, such as a handle, is put there by CSS, so that no
// script need ask for it and the mark stays in place when something above the plot changes its height.

/**
 * Keep the corner of a plot in the style of its card, as `--plot-left` and `--plot-top`.
 *
 * @param {HTMLElement} plot
 */
export function keepCorner(plot) {
  const card = /** @type {HTMLElement} */ (plot.parentElement);
  const observer = new ResizeObserver(() => {
    card.style.setProperty("--plot-left", `${plot.offsetLeft}px`);
    card.style.setProperty("--plot-top", `${plot.offsetTop}px`);
  });
  for (const part of [card, ...card.children]) observer.observe(part);
}

/**
 * Put a mark, which is in the card of a plot, at a place of the plot.
 *
 * @param {HTMLElement} mark
 * @param {number} left pixels from the plot's left edge
 * @param {number} top pixels from its upper edge
 */
export function putOnPlot(mark, left, top) {
  mark.style.left = `calc(var(--plot-left) + ${left}px)`;
  mark.style.top = downPlot(top);
}

/**
 * The `top` in CSS of a mark that is so far down its plot.
 *
 * @param {number} top
 */
export const downPlot = (top) => `calc(var(--plot-top) + ${top}px)`;
