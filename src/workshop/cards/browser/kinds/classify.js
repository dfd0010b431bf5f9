import { element } from "../elements.js";
import { describe, legend, note, rowMark } from "../marks.js";
import { nodesOf } from "../tree.js";

/** @import { QuestionKit, QuestionView, Input } from "../types.js" */

/**
 * One class for each line.
 *
 * @param {QuestionView} view
 * @param {QuestionKit} kit
 * @returns {Input}
 */
export function classify(view, kit) {
  const { t } = kit;
  const lines = (view.rows ?? []).map((row, index) => {
    const boxes = (view.columns ?? []).map((column) =>
      element("input", {
        type: "radio",
        name: kit.id(`row-${index}`),
        value: column.id,
        onchange: kit.changed,
      }),
    );
    const labels = (view.columns ?? []).map((column, place) =>
      element("label", { class: "option" }, boxes[place], element("span", null, nodesOf(column.text, t))),
    );
    const mark = note(kit);
    const node = element(
      "fieldset",
      { class: "line" },
      element("legend", null, nodesOf(row.text, t)),
      element("div", { class: "classes" }, ...labels),
      mark.node,
    );
    return { id: row.id, boxes, mark, node };
  });
  return {
    node: element(
      "fieldset",
      { "aria-describedby": kit.prompt },
      legend(view, t("choose_rows")),
      ...lines.map((line) => line.node),
    ),
    read() {
      const chosen = lines.map((line) => [line.id, line.boxes.find((box) => box.checked)?.value]);
      const some = chosen.filter(([, value]) => value);
      return some.length ? Object.fromEntries(some) : null;
    },
    write(value) {
      for (const line of lines) for (const box of line.boxes) box.checked = box.value === value?.[line.id];
    },
    mark(result) {
      for (const line of lines) {
        rowMark(line.mark, result?.rows?.[line.id], t);
        describe(line.node, line.mark);
      }
    },
  };
}
