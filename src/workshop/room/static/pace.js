/* Where the room stands: what the facilitator says, opens and asks, and how much time is left. */

import { element, minutesAndSeconds } from "../../cards/browser/elements.js";
import { connected, nothingWaits, PATIENCE, sleep } from "./connection.js";
import { t } from "./words.js";

/**
 * @typedef {object} Pace
 * @property {number | null} left seconds of the timer, or null
 * @property {string} words what the facilitator says to all
 * @property {{ page: string, card: string, title: string } | null} sent the scenario that all are sent to
 * @property {string | null} asking the question of the notes that the room is asked
 * @property {Record<string, number | null>} until how far each page is open
 */

const POLL = 3000;
const TICK = 500;
const { name: page, until } = document.body.dataset;
const place = document.getElementById("pace");
/** @type {number | null} */
let ends = null;
let shown = "";

/** Asks again and again; returns when this browser has no seat any more. */
export async function follow() {
  setInterval(tick, TICK);
  for (;;) {
    try {
      const reply = await fetch("/api/room", { signal: AbortSignal.timeout(PATIENCE) });
      if (reply.status === 403) return;
      if (reply.ok) {
        if (nothingWaits()) connected(true);
        tell(await reply.json());
      }
    } catch {
      connected(false);
    }
    await sleep(POLL);
  }
}

/** @param {Pace} now */
function tell(now) {
  ends = now.left === null ? null : Date.now() + now.left * 1000;
  const more = page !== undefined && String(now.until[page] ?? "") !== until;
  const text = JSON.stringify([now.words, now.sent, now.asking, now.left === null, more]);
  if (text === shown) return;
  shown = text;
  place?.replaceChildren();
  if (now.words) add(now.words, "words");
  if (more) add(t("more_opened"), null, link(location.pathname, t("load_again")));
  if (now.sent) add(t("invited"), null, link(`/page/${now.sent.page}#${now.sent.card}`, now.sent.title));
  if (now.asking) {
    add(t("asked"), null, link(`/statements?heading=${now.asking}`, t("asked_what", { heading: now.asking })));
  }
  if (ends !== null) place?.append(element("p", { class: "clock", id: "clock" }));
  tick();
}

function tick() {
  const clock = document.getElementById("clock");
  if (!clock || ends === null) return;
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
  const words = left ? t("time_left", { time: minutesAndSeconds(left) }) : t("time_up");
  if (clock.textContent !== words) clock.textContent = words;
}

/** @param {string} words @param {string | null} kind @param {...Node} more */
function add(words, kind, ...more) {
  place?.append(element("p", { class: kind }, words, ...more));
}

/** @param {string} href @param {string} words */
function link(href, words) {
  return element("a", { href }, words);
}
