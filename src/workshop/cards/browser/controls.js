/*
 * Controls that say their name and work by keyboard inside JupyterLab: a list to choose from, a slider, a box to tick,
 * a button. Python keeps `place`, the number of the option that is chosen; a button counts how often it was pressed.
 */

import { element } from "./elements.js";

/** @import { Model } from "./types.js" */

let controls = 0;

/**
 * A control by its kind. Each gives its elements in their order and how it shows and reads its place.
 *
 * @type {Record<string, (model: Model, id: string) => { nodes: HTMLElement[], draw: () => void, place: () => void }>}
 */
const KINDS = { choice, slider, tick, button };

/**
 * Shows the control of a widget; returns a function that takes its listeners away.
 *
 * @param {{ model: Model, el: HTMLElement }} widget
 */
export function control({ model, el }) {
  const kind = model.get("kind");
  controls += 1;
  // Two editions of this module may share a page, so a counter alone would repeat itself.
  const id = `workshop-control-${Math.random().toString(36).slice(2)}-${controls}`;
  const { nodes, draw, place } = KINDS[kind](model, id);
  el.classList.add("workshop-control", `workshop-${kind}`);
  el.append(...nodes);
  draw();
  /** @type {[string, () => void][]} */
  const listen = [
    ["change:place", place],
    ["change:words", draw],
    ["change:description", draw],
  ];
  for (const [event, act] of listen) model.on(event, act);
  return () => {
    for (const [event, act] of listen) model.off(event, act);
  };
}

/** What JupyterLab looks for on the very element with the focus, and else takes its arrow and Enter keys. */
const KEYS_ARE_MINE = { "data-lm-suppress-shortcuts": "true" };

/** @param {Model} model @param {number} place */
function send(model, place) {
  model.set("place", place);
  model.save_changes();
}

/** @param {Model} model @param {string} id */
function choice(model, id) {
  const label = element("label", { for: id });
  const list = element("select", { id, ...KEYS_ARE_MINE, onchange: () => send(model, Number(list.value)) });
  const place = () => {
    list.value = String(model.get("place"));
  };
  return {
    nodes: [label, list],
    place,
    draw() {
      label.textContent = model.get("description");
      list.replaceChildren(...words(model).map((text, at) => new Option(text, String(at))));
      place();
    },
  };
}

/** @param {Model} model @param {string} id */
function slider(model, id) {
  const label = element("label", { for: id });
  // While it moves only its words follow; Python hears of it, and draws the figure, when it rests.
  const range = element("input", {
    id,
    ...KEYS_ARE_MINE,
    type: "range",
    min: 0,
    step: 1,
    oninput: say,
    onchange: () => send(model, Number(range.value)),
  });
  const shown = element("output", { "aria-hidden": "true" });
  function say() {
    shown.textContent = words(model)[Number(range.value)] ?? "";
    range.setAttribute("aria-valuetext", shown.textContent);
  }
  function place() {
    range.value = model.get("place");
    say();
  }
  return {
    nodes: [label, range, shown],
    place,
    draw() {
      label.textContent = model.get("description");
      range.max = String(words(model).length - 1);
      place();
    },
  };
}

/** @param {Model} model @param {string} id */
function tick(model, id) {
  const label = element("label", { for: id });
  const box = element("input", {
    id,
    ...KEYS_ARE_MINE,
    type: "checkbox",
    onchange: () => send(model, Number(box.checked)),
  });
  const place = () => {
    box.checked = model.get("place") === 1;
  };
  return {
    nodes: [box, label],
    place,
    draw() {
      label.textContent = model.get("description");
      place();
    },
  };
}

/** @param {Model} model */
function button(model) {
  const press = element("button", {
    ...KEYS_ARE_MINE,
    type: "button",
    onclick: () => send(model, model.get("place") + 1),
  });
  return {
    nodes: [press],
    place() {},
    draw() {
      press.textContent = model.get("description");
    },
  };
}

/** @param {Model} model @returns {string[]} */
function words(model) {
  return model.get("words") ?? [];
}
