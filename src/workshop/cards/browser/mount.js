/* Shows a card in a place of a page and keeps it up to date. It knows nothing of Jupyter or the room: the host does. */

import { likeness } from "./cards/question.js";
import { courier } from "./courier.js";
import { element } from "./elements.js";
import { unknownCard } from "./unknown.js";

/** @import { Card, Face, Host, View } from "./types.js" */

/**
 * Shows the host's view in `el`; returns a function that takes it away. `cards` are those that may come, by type.
 *
 * @param {Element} el
 * @param {Host} host
 * @param {Record<string, Card>} cards
 */
export function mount(el, host, cards) {
  const { texts } = host;
  const root = element("article", { class: "workshop-card", lang: texts.lang, dir: texts.dir });
  /** @type {Face} */
  let face = { update() {}, refresh() {}, leave() {} };
  /** @type {string | null} */
  let built = null;
  const line = courier(host, () => face.refresh());
  el.append(root);

  function show() {
    const view = host.view();
    const same = identity(view);
    const done = line.arrived(view);
    if (same === built) {
      face.update(view, done);
      return;
    }
    face.leave();
    root.replaceChildren();
    root.removeAttribute("aria-labelledby");
    root.className = "workshop-card";
    built = same;
    face = (Object.hasOwn(cards, view.type) ? cards[view.type] : unknownCard)(root, view, line, texts);
  }

  const stop = host.onView(show);
  show();
  return () => {
    stop?.();
    face.leave();
    line.close();
    root.remove();
  };
}

/** What makes a view one of the same card: a question that was edited is another one. @param {View} view */
function identity(view) {
  return view.type === "question" ? likeness(/** @type {any} */ (view)) : `${view.type} ${view.id}`;
}
