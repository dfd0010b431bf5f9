/* What came of an answer, part by part: a sign and words carry the meaning, colour only repeats it. */

import { element } from "./elements.js";
import { nodesOf } from "./tree.js";

/** @import { Kit, Mark, Marked, Outcome, QuestionView, Tree } from "./types.js" */
/** @import { Translate } from "./texts.js" */

/** @type {Record<Mark | Outcome, string>} */
export const SYMBOLS = {
  right: "✓",
  wrong: "✗",
  missed: "○",
  neutral: "–",
  empty: "–",
  partly: "◐",
  not_right: "✗",
  not_answered: "–",
  to_read: "✎",
};

/**
 * A note that belongs to a part of a question and is empty until the answer is checked.
 *
 * @param {Kit} kit
 */
export function note(kit) {
  const node = element("div", { class: "note", hidden: true, id: kit.fresh("note") });
  return {
    node,
    /** @param {Mark | undefined} mark @param {string} text @param {...Node} more */
    show(mark, text, ...more) {
      node.className = `note ${mark ?? ""}`;
      node.hidden = !mark;
      node.replaceChildren();
      if (mark) node.append(element("p", { class: "mark" }, symbol(mark), element("strong", null, text)), ...more);
    },
  };
}

/** A sign for the eye; the words beside it say the same. @param {Mark | Outcome} mark */
export function symbol(mark) {
  return element("span", { class: "symbol", "aria-hidden": "true" }, SYMBOLS[mark] ?? "");
}

/**
 * Ties notes that are shown to a control, so that they are read with it.
 *
 * @param {HTMLElement} control
 * @param {...ReturnType<typeof note>} notes
 */
export function describe(control, ...notes) {
  const shown = notes.filter((each) => !each.node.hidden).map((each) => each.node.id);
  if (shown.length) control.setAttribute("aria-describedby", shown.join(" "));
  else control.removeAttribute("aria-describedby");
}

/** What to do, and for those who hear the page which question it belongs to. @param {QuestionView} view @param {string} hint */
export function legend(view, hint) {
  return element("legend", null, element("span", { class: "unseen" }, `${view.title ?? ""} `), hint);
}

/** Why something is right or wrong; bare words need a box around them to stand under a mark. @param {Tree | undefined} tree @param {Translate} t */
export function reason(tree, t) {
  return element("div", { class: "reason" }, nodesOf(tree, t));
}

/**
 * Shows what came of one row, and what would be right there.
 *
 * @param {ReturnType<typeof note>} mark
 * @param {Marked | undefined} found
 * @param {Translate} t
 */
export function rowMark(mark, found, t) {
  if (!found || found.mark === "missed" || found.mark === "neutral") return mark.show(undefined, "");
  const wrong = found.mark !== "right" && found.should?.length;
  const should = wrong ? [element("p", { class: "should" }, `${t("should")} `, nodesOf(found.should, t))] : [];
  mark.show(found.mark, t(`row_${found.mark}`), ...should, reason(found.reason, t));
}
