// The share dialog: the link of this very moment, as text, as a code for the last row, to embed, to take home.

import { at, element } from "../core/dom.mjs";
import { savePicture } from "../plot/image_export.mjs";
import { Sheet } from "../plot/print_sheet.mjs";
import { say } from "../core/i18n.mjs";
import { take } from "../net/download.mjs";

const COARSE = 400;

/** A link without what it hides or that it is embedded. */
export const bare = (link) => link.replace(/[?&](hide|embed)=[^&]*/g, "").replace(/^&/, "?");

const button = (text, onclick, more = {}) => element("button", { type: "button", onclick, ...more }, text);
const part = (title, ...children) => element("details", { name: "share" }, element("summary", {}, title), ...children);

/** Text with a button that copies it. */
function copied(id, label) {
  const text = element("code", { id, tabIndex: 0 });
  const copy = button(say("Copy"), async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      copy.textContent = say("Copied");
    } catch {
      getSelection().selectAllChildren(text);
      copy.textContent = say("Press Ctrl+C");
    }
  }, { className: "dark", ariaLabel: label });
  return { row: element("div", { className: "copied" }, text, copy), show: (said) => { text.textContent = said; copy.textContent = say("Copy"); }, copy };
}

export class Share {
  constructor(moment) {
    Object.assign(this, { moment, hidden: new Set() });
    this.dialog = at("share-dialog");
    this.link = copied("share-link", say("Copy the link"));
    this.embed = copied("share-embed", say("Copy the embed code"));
    this.code = element("img", { alt: say("QR code of the link") });
    this.large = button("", () => this.enlarge(), { className: "code", ariaLabel: say("QR code, large") });
    this.large.append(this.code);
    this.fine = element("p", { className: "fine" });
    this.ticks = element("div", { className: "ticks" });
    this.pictures = element("div", { className: "ends" });
    this.build();
    this.ticks.onchange = () => this.spell();
    this.dialog.addEventListener("close", () => this.dialog.classList.remove("wall"));
    at("share").onclick = () => this.open();
    this.sheet = new Sheet(() => this.printed());
    addEventListener("keydown", (event) => {
      if (event.key !== "p" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.sheet.print();
    });
  }

  build() {
    const ware = (name, text) => button(text, () => take(name, this.shared.link));
    this.dialog.replaceChildren(
      element("h2", {}, say("Share this moment")),
      element("p", {}, say("Whoever opens this link sees the same picture at the same step.")),
      this.link.row,
      this.fine,
      part(say("QR code"), this.large, element("p", {}, say("Press it to fill the screen."))),
      part(say("Hide controls"), element("p", {}, say("What is ticked is not on the page that the link opens.")), this.ticks),
      part(say("Embed in a page"), this.embed.row),
      part(say("Take it home"),
        element("div", { className: "ends" }, ware("run.py", say("This run in NumPy")), ware("path.csv", say("The path as CSV")), ware("landscape.html", say("The landscape, offline"))),
        element("div", { className: "ends" }, button(say("Print one page"), () => this.sheet.print())),
        element("p", {}, say("Or a picture with its caption and link:")),
        this.pictures),
      element("div", { className: "ends" }, button(say("Close"), () => this.dialog.close(), { id: "close" })));
  }

  open() {
    this.gather();
    this.dialog.showModal();
    this.link.copy.focus();
  }

  /** What is printed: the link with what is ticked in the dialog, while that is open. */
  printed() {
    if (!this.dialog.open) this.gather();
    return { ...this.shared, address: this.address, code: this.code.src };
  }

  /** Everything that is shared, as it is at this moment. */
  gather() {
    const { hide, hideable, views } = (this.shared = this.moment());
    this.ticks.replaceChildren(...Object.entries(hideable).map(([key, text]) =>
      element("label", { className: "tick" }, element("input", { type: "checkbox", value: key, checked: hide.includes(key) }), text)));
    const named = Object.entries(views).filter(([, view]) => view.drawn).map(([name, view]) =>
      [(document.querySelector(`section.${name} .caption .word`) ?? document.querySelector(`section.${name} .caption b`)).textContent, view.element]);
    const save = (title, shown) => button(title, () => savePicture(Object.fromEntries(shown), title, this.shared, this.address));
    this.pictures.replaceChildren(...named.map((one) => save(one[0], [one])), save(say("The whole moment"), named));
    this.spell();
  }

  /** The link with what is ticked, wherever it is shown. */
  spell() {
    const hide = [...this.ticks.querySelectorAll(":checked")].map((input) => input.value);
    const link = bare(this.shared.link);
    const query = hide.length ? `${link || "?"}${link ? "&" : ""}hide=${hide.join()}` : link;
    this.address = new URL(query || location.pathname, location.href).href;
    const framed = `${this.address}${this.address.includes("?") ? "&" : "?"}embed=1`;
    const title = this.shared.title.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    this.link.show(this.address);
    this.embed.show(`<iframe src="${framed.replaceAll("&", "&amp;")}" width="800" height="600" loading="lazy" title="${title}"></iframe>`);
    this.code.src = `export/qr.svg?${new URLSearchParams({ of: this.address })}`;
    const here = this.shared.link.includes("points=browser") ? say("The data are too many for a link: it opens with others.") : "";
    this.fine.textContent = here || (this.address.length > COARSE ? say("A long link makes a fine code: try it from the last row.") : "");
  }

  /** The code as large as the screen, to be read from the last row; once more and it is small again. */
  enlarge() {
    this.dialog.classList.toggle("wall");
  }
}
