/* A lesson or an exercise in the room: its cards, and what every page of a participant has. */

import { CARDS } from "../../cards/browser/cards/registry.js";
import { mount } from "../../cards/browser/mount.js";
import { device, insist, isOffline, onConnection, send } from "./connection.js";
import { ready } from "./room.js";
import { cardTexts } from "./words.js";

/** @import { Host, View } from "../../cards/browser/types.js" */

const page = document.body.dataset.name;

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

await ready;
/** @type {Record<string, View>} */
const views = await insist(`/api/views/${page}?device=${device}`);
for (const place of document.querySelectorAll("[data-card]")) {
  const card = place.getAttribute("data-card") ?? "";
  if (!views[card]) continue;
  place.replaceChildren();
  mount(place, host(card, views[card]), CARDS);
}
if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
