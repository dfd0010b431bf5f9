/* A lesson or an exercise in the room: its cards, and what every page of a participant has. */

import { mount } from "../../cards/browser/mount.js";
import { device, insist, isOffline, onConnection, send } from "./connection.js";
import { ready } from "./room.js";
import { cardTexts } from "./words.js";

/** @import { Card, Host, View } from "../../cards/browser/types.js" */

const page = document.body.dataset.name;

/**
 * The cards that a page of the room may have. Their code is fetched when one of them comes: most pages have no scenario.
 *
 * @type {Record<string, () => Promise<Card>>}
 */
const CARDS = {
  question: async () => (await import("../../cards/browser/cards/question.js")).question,
  scenario: async () => (await import("../../cards/browser/cards/scenario.js")).scenario,
  handin: async () => (await import("../../cards/browser/cards/hand_in.js")).handIn,
};

/**
 * @param {string} card
 * @param {View} first
 * @returns {Host}
 */
function host(card, first) {
  let view = first;
  let show = () => {};
  onConnection(() => show());
  return {
    texts: cardTexts,
    keeps: true,
    waits: isOffline,
    view: () => view,
    send(request) {
      send(`/api/card/${page}`, { device, card, request }, (reply) => {
        view = reply.data ?? { ...view, heard: request.n, trouble: reply.refused };
        show();
      });
    },
    onView(callback) {
      show = callback;
      return () => {
        show = () => {};
      };
    },
  };
}

/** Puts a card where the page has room for it. @param {Element} place */
async function fill(place) {
  const name = place.getAttribute("data-card") ?? "";
  const view = views[name];
  if (!view) return;
  const card = await CARDS[view.type]?.();
  place.replaceChildren();
  mount(place, host(name, view), card ? { [view.type]: card } : {});
}

await ready;
/** @type {Record<string, View>} */
const views = await insist(`/api/views/${page}?device=${device}`);
await Promise.all([...document.querySelectorAll("[data-card]")].map(fill));
if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
