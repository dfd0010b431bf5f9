/*
 * The way to the room's server: sends what was done, and keeps it on this device until it has arrived.
 *
 * Each page load is a device of its own and numbers what it sends, so the room does each thing once, however often it comes.
 */

import { t } from "./words.js";

/**
 * @typedef {{ data?: any, again?: boolean, words?: string, refused?: string }} Reply
 * @typedef {{ id: number, url: string, body: unknown }} Item
 */

export const device = Math.random().toString(36).slice(2) + Date.now().toString(36);
/** Milliseconds that an answer may take. */
export const PATIENCE = 10_000;
const PREFIX = `room-outbox-${document.body.dataset.seat}-`;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

/** @param {number} time milliseconds */
export const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
/** @param {number} pause milliseconds */
const longer = (pause) => Math.min(pause * 1.6, LONGEST_PAUSE);

// Where a browser keeps nothing, as in a private window, what waits lives as long as the page.
const kept = {
  /** @param {string} key @returns {Item[]} */
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "[]");
    } catch {
      return [];
    }
  },
  /** @param {string} key @param {Item[]} items */
  write(key, items) {
    try {
      if (items.length) localStorage.setItem(key, JSON.stringify(items));
      else localStorage.removeItem(key);
    } catch {
      // The page keeps it.
    }
  },
  others() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && key !== PREFIX + device);
    } catch {
      return [];
    }
  },
};

const line = document.getElementById("line");
/** @type {Set<() => void>} */
const watching = new Set();
let offline = false;

export const isOffline = () => offline;

/** Calls back when the connection is lost or comes back. @param {() => void} callback */
export function onConnection(callback) {
  watching.add(callback);
}

/**
 * Takes note of whether the room answers, and says so at the top of the page.
 *
 * @param {boolean} now
 * @param {string} [words] what the room itself said of it
 */
export function connected(now, words = "") {
  if (line) {
    line.hidden = now;
    line.textContent = now ? "" : words || t("no_connection");
  }
  if (offline === !now) return;
  offline = !now;
  for (const callback of watching) callback();
}

/**
 * One thing after the other, in the order in which it was done; what has not arrived stays at the head.
 *
 * @param {Item[]} items
 * @param {(items: Item[]) => void} save
 * @param {(done: Item, reply: Reply) => void} answer
 */
async function deliver(items, save, answer) {
  let pause = FIRST_PAUSE;
  while (items.length) {
    const [item] = items;
    const reply = await post(item.url, item.body);
    if (reply.again) {
      connected(false, reply.words);
      await sleep(pause);
      pause = longer(pause);
      continue;
    }
    pause = FIRST_PAUSE;
    connected(true);
    items.shift();
    save(items);
    answer(item, reply);
  }
}

/**
 * @param {string} url
 * @param {unknown} body
 * @returns {Promise<Reply>}
 */
async function post(url, body) {
  try {
    const reply = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const data = await reply.json().catch(() => ({}));
    if (reply.ok) return { data };
    // Too much at once, a full disk or an accident over there passes; a refusal stays one.
    const again = [408, 429].includes(reply.status) || reply.status >= 500;
    return { again, words: data.trouble, refused: data.trouble || t("refused") };
  } catch {
    return { again: true };
  }
}

/** @type {Item[]} */
const waiting = [];
/** @type {Map<number, (reply: Reply) => void>} */
const answers = new Map();
let delivering = false;
let count = 0;

export const nothingWaits = () => waiting.length === 0;

/**
 * Sends something as soon as there is a connection.
 *
 * @param {string} url
 * @param {unknown} body
 * @param {(reply: Reply) => void} answered
 */
export function send(url, body, answered) {
  count += 1;
  answers.set(count, answered);
  waiting.push({ id: count, url, body });
  save(waiting);
  if (delivering) return;
  delivering = true;
  deliver(waiting, save, (done, reply) => {
    answers.get(done.id)?.(reply);
    answers.delete(done.id);
  }).finally(() => {
    delivering = false;
  });
}

/** @param {Item[]} items */
function save(items) {
  kept.write(PREFIX + device, items);
}

/** What an earlier page could not send goes first; a page that is still open may send it, too, and it counts once. */
export async function sendLeftOver() {
  for (const key of kept.others()) {
    await deliver(
      kept.read(key),
      (items) => kept.write(key, items),
      () => {},
    );
  }
}

/** Asks until there is an answer. @param {string} url @returns {Promise<any>} */
export async function insist(url) {
  for (let pause = FIRST_PAUSE; ; pause = longer(pause)) {
    try {
      const reply = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
      if (reply.ok) {
        connected(true);
        return await reply.json();
      }
    } catch {
      // Once more.
    }
    connected(false);
    await sleep(pause);
  }
}
