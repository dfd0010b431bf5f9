/*
 * Text trees as elements. Trees are the only way in for authors' and participants' words: a tag outside the list
 * loses its tag and keeps its words, and no attribute passes but a checked address.
 */

import { element, scrolling } from "./elements.js";

/** @import { Tree } from "./types.js" */
/** @import { Translate } from "./texts.js" */

const TAGS = /** @type {(keyof HTMLElementTagNameMap)[]} */ ([
  ...["p", "strong", "em", "code", "a", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"],
  ...["br", "h2", "h3", "h4", "h5", "h6", "pre"],
]);

/**
 * The nodes of a tree; what is no tree gives none.
 *
 * @param {Tree | null | undefined} tree
 * @param {Translate} t
 */
export function nodesOf(tree, t) {
  const nodes = document.createDocumentFragment();
  for (const node of Array.isArray(tree) ? tree : []) nodes.append(branch(node, t));
  return nodes;
}

/**
 * @param {unknown} node
 * @param {Translate} t
 * @returns {Node}
 */
function branch(node, t) {
  if (!Array.isArray(node)) {
    return document.createTextNode(node === null || typeof node === "object" ? "" : String(node));
  }
  const [tag, attributes, ...children] = node;
  const inside = nodesOf(children, t);
  if (!TAGS.includes(tag)) return inside;
  if (tag === "a") return link(attributes?.href, inside, t);
  if (tag === "table") return scrolling(element("table", null, inside));
  return element(tag, tag === "th" ? { scope: "col" } : null, inside);
}

/**
 * @param {unknown} href
 * @param {DocumentFragment} inside
 * @param {Translate} t
 */
function link(href, inside, t) {
  const address = typeof href === "string" ? href : "";
  if (address.startsWith("#")) return element("a", { href: address }, inside);
  if (!/^https?:\/\//i.test(address)) return inside;
  const note = element("span", { class: "unseen" }, ` (${t("new_tab")})`);
  return element("a", { href: address, target: "_blank", rel: "noopener" }, inside, note);
}

/**
 * The words of a tree alone.
 *
 * @param {unknown} tree
 * @returns {string}
 */
export function wordsOf(tree) {
  /** @param {unknown} node @returns {string} */
  const words = (node) => (Array.isArray(node) ? wordsOf(node.slice(2)) : typeof node === "object" ? "" : String(node));
  return (Array.isArray(tree) ? tree.map(words).join("") : "").trim();
}
