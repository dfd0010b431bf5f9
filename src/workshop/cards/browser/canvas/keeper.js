/* Saving a canvas. */

import { onLeaving, TYPING_PAUSE, unsaved } from "../unsaved.js";

/** @import { Courier, Numbered, Request, View } from "../types.js" */

/**
 * Sends what was drawn. All of a canvas travels at each change: it is small, and a later state makes an earlier one needless.
 *
 * @param {View & { value: any }} view
 * @param {Courier} line
 * @param {() => any} read
 * @param {() => void} refresh
 */
export function keeper(view, line, read, refresh) {
  const key = `canvas ${view.id}`;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;

  function send() {
    clearTimeout(typing);
    typing = undefined;
    const value = read();
    unsaved.set(key, value);
    line.send({ do: "answer", value });
    refresh();
  }

  function typed() {
    clearTimeout(typing);
    typing = setTimeout(send, TYPING_PAUSE);
    unsaved.set(key, read());
    refresh();
  }

  function settle() {
    if (typing !== undefined) send();
  }

  const leave = onLeaving(() => {
    settle();
    line.hurry();
  });
  return {
    send,
    typed,
    settle,
    /** @param {Request} request */
    ask(request) {
      settle();
      line.send(request);
    },
    /** What did not reach the engine before this card was made. */
    left: () => (unsaved.has(key) && same(unsaved.get(key), view.value) ? null : (unsaved.get(key) ?? null)),
    /** Whether what came from Python should replace what stands here. @param {{ value: any }} next @param {Numbered | null} done */
    foreign(next, done) {
      if (typing !== undefined || line.unsaved()) return false;
      if (done?.do === "answer") unsaved.delete(key);
      return done?.do !== "answer" && !same(next.value, read());
    },
    leave,
  };
}

/** Two canvases are the same when a reader sees no difference: what is empty counts as absent. @param {unknown} one @param {unknown} other */
function same(one, other) {
  return JSON.stringify(filled(one)) === JSON.stringify(filled(other));
}

/** @param {unknown} value @returns {unknown} */
function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value)
    .map(([name, inner]) => /** @type {[string, any]} */ ([name, filled(inner)]))
    .filter(
      ([, inner]) => inner !== "" && inner !== false && !(typeof inner === "object" && Object.keys(inner).length === 0),
    );
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
