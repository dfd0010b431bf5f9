/* A page without a browser, for unit tests: happy-dom's document and window as globals, and what tests ask of them. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Window } = createRequire(`${process.env.BROWSER_TOOLS}/`)("happy-dom");
const window = new Window({ url: "http://localhost/" });
const names = ["document", "Element", "HTMLElement", "Option", "Event", "CustomEvent", "KeyboardEvent", "Node"];
globalThis.window = window;
for (const name of names) globalThis[name] = window[name];

const browser = new URL("../../../src/workshop/cards/browser/", import.meta.url);
export const source = (name) => readFileSync(new URL(name, browser), "utf8");
export const catalogue = JSON.parse(source("texts.en.json"));

const { textsOf } = await import(new URL("texts.js", browser));
export const texts = textsOf(catalogue);

/** A host that answers when a test says so. */
export function hostOf(view, more = {}) {
  let callback = () => {};
  const host = {
    texts,
    sent_requests: [],
    view: () => view,
    send: (request) => host.sent_requests.push(request),
    onView(given) {
      callback = given;
      return () => {};
    },
    arrive(next) {
      view = { ...view, ...next };
      callback();
    },
    ...more,
  };
  return host;
}

/** What the screen shows of an element, each blank once. */
export const shown = (node) => node.textContent.replace(/\s+/g, " ").trim();
