/* The cards, one line each, by the type that Python gives a view. The room has its own list, and fetches them one by one. */

import { architecture } from "./architecture.js";
import { figure } from "./figure.js";
import { form } from "./form.js";
import { handIn } from "./hand_in.js";
import { question } from "./question.js";
import { scenario } from "./scenario.js";

/** @import { Card } from "../types.js" */

/** @type {Record<string, Card>} */
export const CARDS = { question, scenario, handin: handIn, figure, architecture, form };
