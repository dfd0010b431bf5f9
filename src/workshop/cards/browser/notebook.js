/*
 * The cards and controls in a notebook, as the module behind widgets. A page loads it once, as one file
 * (`built/notebook.js`), whatever number of cards it has; `workshop.cards.widget` says how.
 */

import { CARDS } from "./cards/registry.js";
import { control } from "./controls.js";
import { element } from "./elements.js";
import { mount } from "./mount.js";
import { textsOf } from "./texts.js";

/** @import { Model, Parts } from "./types.js" */
/** @import { Catalogue, Texts } from "./texts.js" */

/**
 * What widgets show, once the page has the styles.
 *
 * @param {string} styles
 * @param {Catalogue} catalogue
 * @returns {Parts}
 */
export function parts(styles, catalogue) {
  const texts = textsOf(catalogue);
  document.head.append(element("style", null, styles));
  return { card: (widget) => card(widget, texts), control };
}

/**
 * Shows the card of a widget.
 *
 * @param {{ model: Model, el: HTMLElement }} widget
 * @param {Texts} texts
 */
export function card({ model, el }, texts) {
  // JupyterLab would take arrow keys, Enter and single letters for its own commands; it looks for this
  // mark on the very element that has the focus.
  el.addEventListener("focusin", (event) => {
    if (event.target instanceof Element) event.target.setAttribute("data-lm-suppress-shortcuts", "true");
  });
  // It also forbids new lines and Ctrl+Z to every field inside a cell, by a listener on the field itself.
  el.addEventListener("beforeinput", (event) => event.stopPropagation(), true);
  el.addEventListener("keydown", keepSaveDialogShut);
  el.addEventListener("click", goToHeading);
  const host = {
    texts,
    view: () => model.get("view"),
    sent: () => model.get("request")?.n ?? 0,
    /** @param {unknown} request */
    send(request) {
      model.set("request", request);
      model.save_changes();
    },
    /** @param {() => void} callback */
    onView(callback) {
      model.on("change:view", callback);
      return () => model.off("change:view", callback);
    },
  };
  return mount(el, host, CARDS);
}

/**
 * With JupyterLab's commands off, Ctrl+S would offer to save the web page; answers are saved anyway.
 *
 * @param {KeyboardEvent} event
 */
function keepSaveDialogShut(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") event.preventDefault();
}

/**
 * A notebook names its headings otherwise than a page on the web, and its links know only its own names.
 *
 * @param {MouseEvent} event
 */
function goToHeading(event) {
  if (!(event.target instanceof Element) || !(event.currentTarget instanceof Element)) return;
  const link = event.target.closest('a[href^="#"]');
  const notebook = event.currentTarget.closest(".jp-Notebook");
  if (!(link instanceof HTMLAnchorElement) || !notebook) return;
  const wanted = slug(decodeURIComponent(link.hash.slice(1)));
  const headings = notebook.querySelectorAll(":is(h1, h2, h3, h4, h5, h6)");
  const heading = [...headings].find((each) => slug(each.textContent ?? "") === wanted);
  if (!wanted || !(heading instanceof HTMLElement)) return;
  event.preventDefault();
  heading.setAttribute("tabindex", "-1");
  heading.focus();
}

/** @param {string} text */
function slug(text) {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");
}
