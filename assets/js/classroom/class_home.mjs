// Whether the servers behind an address share their classes.

import { message } from "../core/i18n.mjs";
import { send } from "./class_client.mjs";

/** Looks for a new class: of two servers without a shared store one misses it in one of a thousand starts. */
const LOOKS = 10;

/**
 * Whether every server behind this address finds a class that one of them has just opened. A server that does
 * not answer counts as one that does: the class is tried then.
 *
 * @param {string} path the address of the class
 * @param {Record<string, string>} headers with the key
 */
export async function isShared(path, headers) {
  for (let look = 0; look < LOOKS; look++) {
    const { status } = await send("GET", `${path}/face`);
    if (status !== 404) continue;
    await send("DELETE", path, null, headers);
    return false;
  }
  return true;
}

export const notSharedWords = () =>
  message(
    "Several servers answer this address and share no classes, so phones would not find this one. Who runs them sets LOSSLAB_CLASSES.",
  );
