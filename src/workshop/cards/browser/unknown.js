/* Where this edition cannot show what Python sent. */

import { element } from "./elements.js";

/** @import { Face, View } from "./types.js" */
/** @import { Texts } from "./texts.js" */

/**
 * A plain sentence, instead of a card that nobody knows here.
 *
 * @param {HTMLElement} root
 * @param {View} _view
 * @param {unknown} _line
 * @param {Texts} texts
 * @returns {Face}
 */
export function unknownCard(root, _view, _line, texts) {
  root.append(element("p", null, texts.t("unknown")));
  return { update() {}, refresh() {}, leave() {} };
}
