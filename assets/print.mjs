// One sheet of paper: every view, the numbers of the moment, the link and its code.

import { element } from "./dom.mjs";
import { picture } from "./picture.mjs";
import { num } from "./say.mjs";

const PRINTED = [480, 300];
const root = document.documentElement;

/** Lay out the sheet and print it. Paper is light, whatever the screen is. */
export async function print({ title, said, sliders, views }, address, code) {
  const shown = Object.values(views).filter((view) => view.drawn);
  const theme = root.dataset.theme;
  const dressed = async (wanted) => {
    if (root.dataset.theme === wanted) return;
    root.dataset.theme = wanted;
    await Promise.all(shown.map((view) => view.redraw()));
  };
  await dressed(theme === "dark" ? "light" : theme);
  const figures = await Promise.all(shown.map(async (view) => {
    const caption = view.element.getAttribute("aria-label");
    return element("figure", {}, (await picture(view.element, PRINTED)).image, element("figcaption", {}, caption));
  }));
  const qr = new Image();
  qr.src = code;
  await qr.decode().catch(() => qr.remove());
  const settings = sliders.map(({ label, value }) => `${label} ${num(Number(value.toPrecision(4)))}`).join(" · ");
  const words = [said.verdict, said.numbers, ...said.beside.map(({ text }) => text), settings];
  const sheet = element("section", { id: "sheet" },
    element("h1", {}, title),
    element("div", { className: "figures" }, ...figures),
    element("footer", {}, element("div", {}, ...words.map((text) => element("p", {}, text)), element("p", { className: "address" }, address)), qr));
  document.body.append(sheet);
  addEventListener("afterprint", () => { sheet.remove(); dressed(theme); }, { once: true });
  window.print();
}
