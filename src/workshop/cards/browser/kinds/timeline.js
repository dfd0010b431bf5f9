import { element } from "../elements.js";
import { describe, legend, note, rowMark } from "../marks.js";
import { nodesOf } from "../tree.js";

/** @import { QuestionKit, QuestionView, Input } from "../types.js" */

/**
 * A year for each event, typed.
 *
 * @param {QuestionView} view
 * @param {QuestionKit} kit
 * @returns {Input}
 */
export function timeline(view, kit) {
  const { t } = kit;
  const { first, last } = view;
  const lines = (view.rows ?? []).map((row, index) => {
    const id = kit.id(`row-${index}`);
    const year = element("input", {
      id,
      type: "number",
      min: first,
      max: last,
      step: 1,
      autocomplete: "off",
      class: "field",
      oninput: kit.typed,
      onblur: kit.settle,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter") kit.enter();
      },
    });
    const mark = note(kit);
    const node = element(
      "div",
      { class: "line pair event" },
      element("label", { for: id }, nodesOf(row.text, t)),
      year,
      mark.node,
    );
    return { id: row.id, year, mark, node };
  });
  return {
    node: element(
      "fieldset",
      { "aria-describedby": kit.prompt },
      legend(view, t("type_years", { first, last })),
      ...lines.map((line) => line.node),
    ),
    read() {
      const typed = lines.filter((line) => line.year.value).map((line) => [line.id, line.year.value]);
      return typed.length ? Object.fromEntries(typed) : null;
    },
    write(value) {
      for (const line of lines) line.year.value = value?.[line.id] ?? "";
    },
    mark(result) {
      for (const line of lines) {
        rowMark(line.mark, result?.rows?.[line.id], t);
        describe(line.year, line.mark);
      }
    },
  };
}
