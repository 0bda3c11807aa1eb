// The share dialog: the link of this very moment.

export class Share {
  constructor(ids, link) {
    const at = (name) => document.getElementById(name);
    const dialog = at(ids.shareDialog);
    const text = at(ids.shareLink);
    const copy = at(ids.copy);
    at(ids.share).onclick = () => {
      text.textContent = new URL(link() || location.pathname, location.href).href;
      copy.textContent = "Copy";
      dialog.showModal();
      copy.focus();
    };
    at(ids.close).onclick = () => dialog.close();
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
