/* The words of the room's pages, in the language that the page names. */

import { textsOf } from "../../cards/browser/texts.js";

/** @import { Catalogue } from "../../cards/browser/texts.js" */

/** @type {Catalogue} */
const catalogue = await (await fetch(document.documentElement.dataset.texts ?? "")).json();

export const texts = textsOf(catalogue);
/** What cards say in a room, where some things are otherwise than in a notebook. */
export const cardTexts = textsOf(catalogue, catalogue.in_a_room);
export const { t } = texts;
