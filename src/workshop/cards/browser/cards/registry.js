/* The cards that every page may show, one line each, by the type that Python gives a view. */

import { figure } from "./figure.js";
import { handIn } from "./hand_in.js";
import { question } from "./question.js";
import { scenario } from "./scenario.js";

/** @import { Card } from "../types.js" */

/** @type {Record<string, Card>} */
export const CARDS = { question, scenario, handin: handIn, figure };
