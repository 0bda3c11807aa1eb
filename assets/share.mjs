// The share dialog: the link of this very moment.

import { at } from "./dom.mjs";

export class Share {
  constructor(link) {
    const dialog = at("share-dialog");
    const text = at("share-link");
    const copy = at("copy");
    at("share").onclick = () => {
      text.textContent = new URL(link() || location.pathname, location.href).href;
      copy.textContent = "Copy";
      dialog.showModal();
      copy.focus();
    };
    at("close").onclick = () => dialog.close();
    copy.onclick = async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        copy.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(text);
        copy.textContent = "Press Ctrl+C";
      }
    };
  }
}
