// What is made of a link: a script, a table, a file. Data that stayed in this tab come along.

import { element } from "../core/dom.mjs";
import { kept } from "./scene_store.mjs";

const stayed = (link) => link.includes("points=browser");
const address = (name, link) => `export/${name}${link}`;

/** Save it as a file, as a form does where data come along. */
export function take(name, link) {
  if (!stayed(link)) return element("a", { href: address(name, link), download: "" }).click();
  const rows = element("input", { type: "hidden", name: "rows", value: kept() });
  const form = element("form", { method: "post", enctype: "multipart/form-data", action: address(name, link) }, rows);
  document.body.append(form);
  form.submit();
  return form.remove();
}

/** The same as text, to be shown here; null where it cannot be had. */
export async function read(name, link) {
  const body = new FormData();
  body.append("rows", kept());
  const answer = await fetch(address(name, link), stayed(link) ? { method: "POST", body } : {}).catch(() => null);
  return answer?.ok ? answer.text() : null;
}
