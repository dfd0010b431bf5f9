/* Fields and lists of which a canvas is made. */

import { button, element } from "../elements.js";

/** @import { Kit, Named } from "../types.js" */

/**
 * @typedef {{ typed: () => void, settle: () => void, send: () => void }} Keep
 * @typedef {{ help?: string, long?: boolean, short?: boolean, digits?: boolean }} Shape
 */

/**
 * A field with its label.
 *
 * @param {Kit} kit
 * @param {string} label
 * @param {string | undefined} value
 * @param {Keep} keep
 * @param {Shape} [shape]
 */
export function entry(kit, label, value, keep, { help = "", long = false, short = false, digits = false } = {}) {
  const id = kit.fresh("entry");
  const note = help ? element("p", { class: "help", id: `${id}-help` }, help) : "";
  const control = element(long ? "textarea" : "input", {
    id,
    class: short ? "field short" : "field",
    type: long ? null : "text",
    rows: long ? "2" : null,
    autocomplete: "off",
    inputmode: digits ? "numeric" : null,
    "aria-describedby": help ? `${id}-help` : null,
    oninput: keep.typed,
    onblur: keep.settle,
  });
  control.value = value ?? "";
  return {
    control,
    node: element("div", { class: "entry" }, element("label", { class: "over", for: id }, label), control, note),
  };
}

/**
 * A list to choose from, with its label.
 *
 * @param {Kit} kit
 * @param {string} label
 * @param {Named[]} options
 * @param {string} value
 * @param {Pick<Keep, "send">} keep
 */
export function picker(kit, label, options, value, keep) {
  const id = kit.fresh("picker");
  const control = element(
    "select",
    { id, onchange: keep.send },
    ...options.map((option) => element("option", { value: option.id }, option.text)),
  );
  if (options.some((option) => option.id === value)) control.value = value;
  return {
    control,
    node: element("div", { class: "entry" }, element("label", { class: "over", for: id }, label), control),
  };
}

/**
 * A line that opens: the list stays short enough to be seen as a whole.
 *
 * @param {string} words
 * @param {boolean} open
 * @param {...(Node | string)} inside
 */
export function folded(words, open, ...inside) {
  const head = element("span");
  head.textContent = words;
  const summary = element("summary", null, head);
  return {
    head,
    summary,
    node: element("details", { class: "folded", open }, summary, element("div", { class: "inside" }, ...inside)),
  };
}

/**
 * @typedef {{ node: HTMLElement, summary: HTMLElement, first: HTMLElement, dress: (place: number) => void }} ListLine
 */

/**
 * Lines that can be added and removed; a removed one can be brought back to its place.
 *
 * @template {ListLine} Line
 * @param {Kit} kit
 * @param {object} list
 * @param {string} list.add words of the button that adds a line
 * @param {(line: Line) => string} list.nameOf
 * @param {(data: any, open: boolean, remove: () => void) => Line} list.made makes a line from its data
 * @param {() => void} list.changed
 * @param {number} [list.most] how many lines there may be
 */
export function lineList(kit, { add, nameOf, made, changed, most = Number.POSITIVE_INFINITY }) {
  const { t } = kit;
  /** @type {Line[]} */
  const lines = [];
  /** @type {{ line: Line, place: number, name: string } | null} */
  let gone = null;
  const list = element("div", { class: "folds" });
  const back = button("", bringBack, { hidden: true });
  const more = button(add, () => insert({}, lines.length, true));

  /** @param {any} data @param {number} place @param {boolean} open */
  function insert(data, place, open) {
    /** @type {Line} */
    const line = made(data, open, () => remove(line));
    lines.splice(place, 0, line);
    list.insertBefore(line.node, list.children[place] ?? null);
    dress();
    if (open) line.first.focus();
    return line;
  }

  /** @param {Line} line */
  function remove(line) {
    gone = { line, place: lines.indexOf(line), name: nameOf(line) };
    lines.splice(gone.place, 1);
    line.node.remove();
    back.textContent = t("bring_line_back", gone);
    back.hidden = false;
    dress();
    back.focus();
    kit.say(t("removed", gone));
    changed();
  }

  function bringBack() {
    if (!gone) return;
    const { line, place, name } = gone;
    lines.splice(place, 0, line);
    list.insertBefore(line.node, list.children[place] ?? null);
    gone = null;
    back.hidden = true;
    dress();
    line.summary.focus();
    kit.say(t("line_is_back", { name }));
    changed();
  }

  function dress() {
    for (const [place, line] of lines.entries()) line.dress(place);
    more.disabled = lines.length >= most;
  }

  return {
    node: element("div", null, list, element("div", { class: "actions" }, more, back)),
    lines,
    insert,
    dress,
    /** @param {any[]} entries */
    write(entries) {
      lines.splice(0);
      list.replaceChildren();
      gone = null;
      back.hidden = true;
      for (const each of entries) insert(each, lines.length, false);
    },
  };
}

/** Not a counter: two windows may add at the same time. */
export const newId = () => Math.random().toString(36).slice(2, 10);
