/* The kinds of questions, one line each: the word that Python uses for a kind, and the module that shows it. */

import { choice } from "./choice.js";
import { classify } from "./classify.js";
import { map } from "./map.js";
import { match } from "./match.js";
import { number } from "./number.js";
import { rank } from "./rank.js";
import { timeline } from "./timeline.js";
import { written } from "./written.js";

/** @import { Kind } from "../types.js" */

/** @type {Record<string, Kind>} */
export const KINDS = {
  single: choice,
  multiple: choice,
  rank,
  match,
  classify,
  map,
  number,
  timeline,
  write: written,
};
