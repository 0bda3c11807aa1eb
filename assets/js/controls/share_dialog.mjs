// The share dialog: the link of the present step as text and QR code, an embedding, exports, pictures, a
// printed page.

import { createCopyableText } from "../core/copyable_text.mjs";
import { buttonElement, byId, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { urlOf, usesStoredPoints, withoutHideAndEmbed, withValues } from "../core/link.mjs";
import { downloadExport } from "../net/download.mjs";
import { saveImage } from "../plot/image_export.mjs";
import { PrintSheet } from "../plot/print_sheet.mjs";
import { offersClasses } from "./class_start.mjs";
import { createPackageButtons } from "./evidence_section.mjs";

/** QR codes of longer addresses are hard to scan from afar. */
const LONG_ADDRESS = 400;

/** @import { LessonCard, Moment, Slider } from "../protocol.js" */
/** @import { PlotElement } from "../types.js" */
/** @import { Views } from "../plot/figure_set.mjs" */

/** Names of the machine itself: no other one reaches a page there. */
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * What the page shows at this step.
 *
 * @typedef {object} SharedContent
 * @property {string} link
 * @property {string} title
 * @property {Moment} moment
 * @property {LessonCard | null} lesson
 * @property {string[]} hide
 * @property {Record<string, string>} hideable names of what can be hidden
 * @property {Slider[]} sliders
 * @property {Views} views
 */

/**
 * @param {string} title
 * @param {...(Node | string)} children
 */
const createSection = (title, ...children) =>
  element("details", { name: "share" }, element("summary", {}, title), ...children);

/** @param {...(Node | string)} children */
const createRow = (...children) => element("div", { className: "ends" }, ...children);

export class ShareDialog {
  /** The address that the link of the dialog opens. */
  address = "";

  /**
   * @param {() => SharedContent} getContent returns what the page shows at this step
   * @param {() => void} startClass
   * @param {() => void} writeLesson
   */
  constructor(getContent, startClass, writeLesson) {
    this.getContent = getContent;
    this.startClass = startClass;
    this.writeLesson = writeLesson;
    /**
     * What the dialog shares, once it was opened or printed.
     *
     * @type {SharedContent | null}
     */
    this.shared = null;
    /** @type {HTMLDialogElement} */
    this.dialog = byId("share-dialog");
    this.link = createCopyableText("share-link", message("Copy the link"));
    this.embedding = createCopyableText("share-embed", message("Copy the embed code"));
    this.code = element("img", { alt: message("QR code of the link") });
    const enlarge = { className: "code", ariaLabel: message("QR code, large") };
    this.codeButton = buttonElement("", () => this.toggleLargeCode(), enlarge);
    this.codeButton.append(this.code);
    this.hint = element("p", { className: "fine" });
    this.ticks = element("div", { className: "ticks" });
    this.pictures = createRow();
    this.packages = createPackageButtons(() => this.content);
    this.printSheet = new PrintSheet(() => this.printContent());
    this.build();
    this.listen();
  }

  /** What the dialog shares. */
  get content() {
    this.shared ??= this.getContent();
    return this.shared;
  }

  build() {
    const createDownload = (/** @type {string} */ name, /** @type {string} */ text) =>
      buttonElement(text, () => downloadExport(name, this.content.link));
    const print = buttonElement(message("Print one page"), () => this.printSheet.print());
    const close = buttonElement(message("Close"), () => this.dialog.close(), { id: "close" });
    this.dialog.replaceChildren(
      element("h2", {}, message("Share this moment")),
      element("p", {}, message("Whoever opens this link sees the same picture at the same step.")),
      this.link.row,
      this.hint,
      ...this.createClassSection(),
      this.createLessonSection(),
      createSection(
        message("QR code"),
        this.codeButton,
        element("p", {}, message("Press it to fill the screen.")),
      ),
      createSection(
        message("Hide controls"),
        element("p", {}, message("Tick what students should not see.")),
        this.ticks,
      ),
      createSection(message("Embed in a page"), this.embedding.row),
      createSection(message("For a learning platform"), ...this.packages.children),
      createSection(
        message("Download"),
        createRow(
          createDownload("run.py", message("This run in NumPy")),
          createDownload("path.csv", message("The path as CSV")),
          createDownload("landscape.html", message("The landscape, offline")),
        ),
        createRow(print),
        element("p", {}, message("Or a picture with its caption and link:")),
        this.pictures,
      ),
      createRow(close),
    );
  }

  /** The section in which a live class is started, if that is possible here. */
  createClassSection() {
    if (!offersClasses()) return [];
    const start = () => {
      this.dialog.close();
      this.startClass();
    };
    const words = message("Every phone in the room answers, and the wall shows what the class thought.");
    const button = buttonElement(message("Start a class"), start, { className: "dark", id: "start-class" });
    return [createSection(message("A live class"), element("p", {}, words), createRow(button))];
  }

  /** The section in which a lesson about what the page shows is begun. */
  createLessonSection() {
    const write = () => {
      this.dialog.close();
      this.writeLesson();
    };
    const words = message("Ask a question about what is shown, with its answer. The lesson is a link, too.");
    const button = buttonElement(message("Write a lesson"), write, { className: "dark", id: "write-lesson" });
    return createSection(message("A lesson of your own"), element("p", {}, words), createRow(button));
  }

  listen() {
    this.ticks.onchange = () => this.updateLink();
    this.dialog.addEventListener("close", () => this.dialog.classList.remove("wall"));
    byId("share").onclick = () => this.open();
    addEventListener("keydown", (event) => {
      if (event.key !== "p" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.printSheet.print();
    });
  }

  open() {
    this.update();
    this.dialog.showModal();
    this.link.copyButton.focus();
  }

  /** What is printed. While the dialog is open, the link is the one that it shows, with what is ticked. */
  printContent() {
    if (!this.dialog.open) this.update();
    return { ...this.content, address: this.address, code: this.code.src };
  }

  /** Take over what the page shows now. */
  update() {
    this.shared = this.getContent();
    const { hide, hideable } = this.shared;
    const createTick = (/** @type {[string, string]} */ [key, text]) => {
      const input = element("input", { type: "checkbox", value: key, checked: hide.includes(key) });
      return element("label", { className: "tick" }, input, text);
    };
    this.ticks.replaceChildren(...Object.entries(hideable).map(createTick));
    this.updatePictures();
    this.packages.update();
    this.updateLink();
  }

  /** A button for the picture of each view, and one for all. */
  updatePictures() {
    const titleOf = (/** @type {string} */ name) => {
      const caption = `section.${name} .caption`;
      const title = document.querySelector(`${caption} .word`) ?? document.querySelector(`${caption} b`);
      return title?.textContent ?? "";
    };
    const drawn = Object.entries(this.content.views).filter(([, view]) => view.drawn);
    /** @typedef {[string, PlotElement]} Titled */
    const titled = drawn.map(([name, view]) => /** @type {Titled} */ ([titleOf(name), view.element]));
    const createSave = (/** @type {string} */ title, /** @type {Titled[]} */ views) =>
      buttonElement(title, () => saveImage(Object.fromEntries(views), title, this.content, this.address));
    const single = titled.map((view) => createSave(view[0], [view]));
    this.pictures.replaceChildren(...single, createSave(message("The whole moment"), titled));
  }

  /** Show the link with what is ticked, everywhere. */
  updateLink() {
    const /** @type {NodeListOf<HTMLInputElement>} */ ticked = this.ticks.querySelectorAll(":checked");
    const hidden = [...ticked].map((input) => input.value);
    const plain = withoutHideAndEmbed(this.content.link);
    const link = hidden.length ? withValues(plain, { hide: hidden.join() }) : plain;
    this.address = urlOf(link);
    this.link.show(this.address);
    this.embedding.show(this.iframe());
    this.code.src = `export/qr.svg?${new URLSearchParams({ of: this.address })}`;
    this.hint.textContent = this.hintText();
  }

  /** The HTML that embeds the page. */
  iframe() {
    const { origin, pathname, search } = new URL(this.address);
    const url = `${origin}${pathname}${withValues(search, { embed: 1 })}`.replaceAll("&", "&amp;");
    const title = this.content.title.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    return `<iframe src="${url}" width="800" height="600" loading="lazy" title="${title}"></iframe>`;
  }

  hintText() {
    if (usesStoredPoints(this.content.link)) {
      return message("There are too many data for a link. It opens with others.");
    }
    if (LOOPBACK.test(location.hostname)) {
      return message("This address works on this machine only: no phone can open it.");
    }
    if (this.address.length <= LONG_ADDRESS) return "";
    return message("A long link makes a dense code. Test it from the back row.");
  }

  /** Show the QR code as large as the screen, or small again. */
  toggleLargeCode() {
    this.dialog.classList.toggle("wall");
  }
}
