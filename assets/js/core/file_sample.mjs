// A random sample of the lines of a file that is too large to be sent to the server.

/** Lines at the top of a file that every sample has: names, units, comments. */
const HEAD_LINES = 60;
/** Most lines of a sample. */
const MAX_LINES = 6000;
const SEED = 0;
const NEWLINE = 10;

/**
 * Numbers in [0, 1) from a seed (T. Ettinger, *mulberry32*, 2017), for the same sample again.
 * @param {number} seed
 * @returns {() => number}
 */
export function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Call `onLine(line)` for each line of chunks of bytes, without its line feed.
 * @param {AsyncIterable<Uint8Array>} chunks
 * @param {(line: Uint8Array) => void} onLine
 */
async function eachLine(chunks, onLine) {
  let rest = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      onLine(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.slice(start);
  }
  if (rest.length) onLine(rest);
}

/**
 * Sample lines by reservoir sampling (J. S. Vitter, *Random Sampling with a Reservoir*, 1985, algorithm R):
 * the first lines and, of all others, any subset with the same probability, in their order.
 * @param {AsyncIterable<Uint8Array>} chunks
 * @param {number} maxBytes most bytes of the sample
 * @returns {Promise<{lines: Uint8Array[], total: number}>} the lines, and the number of lines that hold text
 */
export async function sampleLines(chunks, maxBytes) {
  const random = seededRandom(SEED);
  /** @type {Uint8Array[]} */
  const head = [];
  /** @type {{index: number, line: Uint8Array}[]} */
  const reservoir = [];
  let total = 0;
  await eachLine(chunks, (line) => {
    if (!line.length || (line.length === 1 && line[0] === 13)) return;
    const index = total - HEAD_LINES;
    total += 1;
    if (index < 0) head.push(line.slice());
    else if (reservoir.length < MAX_LINES) reservoir.push({ index, line: line.slice() });
    else {
      const place = Math.floor(random() * (index + 1));
      if (place < MAX_LINES) reservoir[place] = { index, line: line.slice() };
    }
  });
  let room = maxBytes - head.reduce((sum, line) => sum + line.length + 1, 0);
  const fitting = reservoir.filter(({ line }) => (room -= line.length + 1) >= 0);
  fitting.sort((a, b) => a.index - b.index);
  return { lines: [...head, ...fitting.map(({ line }) => line)], total };
}

/**
 * Join lines with line feeds.
 * @param {Uint8Array[]} lines
 */
export function joinLines(lines) {
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0));
  let place = 0;
  for (const line of lines) {
    bytes.set(line, place);
    bytes[place + line.length] = NEWLINE;
    place += line.length + 1;
  }
  return bytes;
}
