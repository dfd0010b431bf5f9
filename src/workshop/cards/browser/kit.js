/* What the parts of one card share: its words, its ids, and the voice of a screen reader. */

import { element } from "./elements.js";

/** @import { Kit } from "./types.js" */
/** @import { Texts } from "./texts.js" */

const SPEAK_AFTER = 80;
let cards = 0;

/**
 * @param {HTMLElement} root
 * @param {Texts} texts
 * @returns {Kit}
 */
export function kitOf(root, texts) {
  cards += 1;
  // Two editions of this module may share a page, so a counter alone would repeat itself.
  const prefix = `card-${Math.random().toString(36).slice(2, 8)}-${cards}`;
  const region = element("p", { class: "unseen", role: "status" });
  root.append(region);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  let fresh = 0;
  return {
    t: texts.t,
    id: (name) => `${prefix}-${name}`,
    fresh(name) {
      fresh += 1;
      return `${prefix}-${name}-${fresh}`;
    },
    // An emptied region makes a screen reader read the same words a second time.
    say(text) {
      clearTimeout(soon);
      region.textContent = "";
      soon = setTimeout(() => {
        region.textContent = text;
      }, SPEAK_AFTER);
    },
  };
}
