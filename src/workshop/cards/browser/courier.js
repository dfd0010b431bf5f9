/*
 * Requests on their way to Python. Jupyter merges changes that meet a busy engine, and an answer would be lost between
 * two of them: therefore one request at a time, the next one after the view that acknowledges it. `heard` in a view is
 * the last request that Python dealt with, `saved` the last one that is safe.
 */

/** @import { Courier, Host, Numbered, Request } from "./types.js" */

/** Milliseconds after which a host that has not answered counts as gone. */
export const PATIENCE = 6000;
/** Papers are typeset, which takes longer. */
const PAPERS_TAKE = 90_000;
/** What is saved sooner need not be spoken of. */
const SLOW = 400;

/**
 * Carries requests one at a time and numbered. `changed` is called when the state of the line may look otherwise.
 *
 * @param {Host} host
 * @param {() => void} changed
 * @returns {Courier}
 */
export function courier(host, changed) {
  /** @type {Request[]} */
  let waiting = [];
  /** @type {Numbered | null} */
  let flying = null;
  /** @type {Request | null} */
  let failed = null;
  let lost = false;
  let slow = false;
  let last = 0;
  /** @type {ReturnType<typeof setTimeout>[]} */
  let timers = [];
  /** @param {Request} request */
  const lasting = (request) => ["answer", "clear", "code", "reason"].includes(request.do);

  function next() {
    const request = flying ? undefined : waiting.shift();
    if (!request) return;
    const view = host.view();
    last = Math.max(last, view.heard ?? 0, view.saved ?? 0, host.sent?.() ?? 0) + 1;
    flying = { ...request, n: last };
    timers = [
      setTimeout(() => {
        slow = true;
        changed();
      }, SLOW),
    ];
    if (!host.keeps) timers.push(setTimeout(giveUp, flying.do === "papers" ? PAPERS_TAKE : PATIENCE));
    try {
      host.send(flying);
    } catch (error) {
      console.error(error);
      giveUp();
    }
  }

  function giveUp() {
    lost = true;
    changed();
  }

  function rest() {
    for (const timer of timers) clearTimeout(timer);
    flying = null;
    slow = false;
  }

  // A decision or a check is not repeated unasked: nobody should find that a step was taken twice.
  function again() {
    if (flying && lasting(flying) && !waiting.some(lasting)) waiting.unshift(flying);
    rest();
    next();
  }

  /** @param {Request} request */
  function twice(request) {
    return !lost && !lasting(request) && request.do !== "group" && flying?.do === request.do && waiting.length === 0;
  }

  return {
    send(request) {
      if (twice(request)) return;
      if (lasting(request)) waiting = waiting.filter((other) => !lasting(other) && other.do !== "check");
      else if (failed) waiting.unshift(failed);
      failed = null;
      waiting.push(request);
      if (lost) again();
      else next();
      changed();
    },
    retry() {
      const request = flying ?? failed;
      if (request) waiting.unshift(request);
      failed = null;
      rest();
      next();
      changed();
    },
    // Before the page goes away there is no time for taking turns.
    hurry() {
      if (waiting.length) again();
    },
    arrived(view) {
      if (flying && (view.heard ?? view.saved ?? 0) >= flying.n) {
        const done = flying;
        rest();
        lost = false;
        if ((view.saved ?? 0) < done.n && lasting(done) && !waiting.some(lasting)) failed = done;
        next();
        return done;
      }
      if (flying && lost) {
        lost = false;
        again();
      }
      return null;
    },
    state() {
      if (lost) return "lost";
      if (flying?.do === "papers") return "making";
      if (flying && host.waits?.()) return "waiting";
      if (flying) return slow ? "saving" : "quick";
      return failed ? "failed" : "still";
    },
    busy: () => flying !== null && !lost,
    unsaved: () => Boolean(failed || (flying && lasting(flying)) || waiting.some(lasting)),
    close: rest,
  };
}
