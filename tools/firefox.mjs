// Visit links in Firefox over WebDriver BiDi and use the first screen; tools/firefox.py calls it.
//
// node tools/firefox.mjs PROGRAM HOME LINK...
// Prints the title of each page and the console's messages; exits with 1 if there are warnings or errors.

import puppeteer from "puppeteer-core";

/** Milliseconds after which waiting for the page fails. */
const PATIENCE = 60_000;
/** Milliseconds between two looks at a condition; the page's policy forbids Puppeteer's own waiting. */
const INTERVAL = 50;

const isReady = () => document.documentElement.dataset.ready === "true";
/** Whether the verdict tells an outcome, whatever its words are. */
const hasOutcome = (name) => document.querySelector("#verdict").dataset.tone === name;

/** Wait until a function returns true in the page. */
async function until(page, condition, ...values) {
  const end = performance.now() + PATIENCE;
  while (!(await page.evaluate(condition, ...values))) {
    if (performance.now() > end) throw new Error(`waited ${PATIENCE} ms for ${condition} ${values}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

/** Play a run to its end, drag the slider of the learning rate, and wait until the link has the rate. */
async function useFirstPage(page) {
  await page.click("#play");
  await until(page, hasOutcome, "converged");
  const { x, y, width, height } = await (await page.$("#slide-rate")).boundingBox();
  await page.mouse.move(x + 0.6 * width, y + height / 2);
  const hasPreview = () =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes("fan?"));
  await until(page, hasPreview);
  await page.mouse.down();
  await page.mouse.move(x + 0.97 * width, y + height / 2);
  await until(page, hasOutcome, "diverged");
  await page.mouse.up();
  await until(page, () => new URLSearchParams(location.search).has("rate"));
  await until(page, isReady);
}

/** Answer the question of a live class on its phone's page, and wait until the answer is in. */
async function answerQuestion(page) {
  await page.click(".choice");
  await until(page, () => document.querySelector("#phone .note").textContent !== "");
}

/** Visit all links and return the warnings and errors of the console. */
async function visitLinks(browser, home, links) {
  const page = await browser.newPage();
  const messages = [];
  page.on("console", (entry) => {
    if (["error", "warn"].includes(entry.type())) messages.push(entry.text());
  });
  page.on("pageerror", (error) => messages.push(error.message));
  await page.setViewport({ width: 1280, height: 800 });
  for (const link of links) {
    await page.goto(home + link, { timeout: PATIENCE });
    await until(page, isReady);
    console.log(`${link || "first screen"}: ${await page.title()}`);
    if (!link) await useFirstPage(page);
    if (link.startsWith("class/")) await answerQuestion(page);
  }
  return messages;
}

const [executablePath, home, ...links] = process.argv.slice(2);
const preferences = { "app.update.enabled": false };
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  extraPrefsFirefox: preferences,
  timeout: PATIENCE,
});
try {
  const messages = await visitLinks(browser, home, links);
  console.log(["console:", ...(messages.length ? messages : ["empty"])].join("\n  "));
  process.exitCode = Math.min(messages.length, 1);
} finally {
  await browser.close();
}
