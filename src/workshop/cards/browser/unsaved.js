/* What has not reached Python: kept for the next card of the same thing, and sent before the page goes away. */

const KEY = Symbol.for("workshop.unsaved");
const page = /** @type {Record<symbol, any>} */ (/** @type {unknown} */ (globalThis));

/**
 * Words that did not arrive outlive their card: pressing ‘Start this page’ makes a new card for the same question,
 * and after an update of the workshop it may be one of another copy of this module.
 *
 * @type {Map<string, any>}
 */
export const unsaved = page[KEY] ?? new Map();
page[KEY] = unsaved;

/** Milliseconds without a key before what was typed is sent. */
export const TYPING_PAUSE = 500;

/**
 * Does `act` whenever the page goes out of sight; returns a function that does it a last time and then stops.
 *
 * @param {() => void} act
 */
export function onLeaving(act) {
  const hidden = () => {
    if (document.visibilityState === "hidden") act();
  };
  window.addEventListener("pagehide", act);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    act();
    window.removeEventListener("pagehide", act);
    document.removeEventListener("visibilitychange", hidden);
  };
}
