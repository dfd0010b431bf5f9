import { element } from "../elements.js";
import { describe, note, rowMark } from "../marks.js";
import { nodesOf, wordsOf } from "../tree.js";

/** @import { QuestionKit, QuestionView, Input } from "../types.js" */

/**
 * A table to tick. The roles repeat what a table says by itself, because on a phone the style sheet stacks it, and
 * browsers then forget that it is one.
 *
 * @param {QuestionView} view
 * @param {QuestionKit} kit
 * @returns {Input}
 */
export function map(view, kit) {
  const { t } = kit;
  const columns = view.columns ?? [];
  const lines = (view.rows ?? []).map((row) => {
    const mark = note(kit);
    const boxes = columns.map((column) =>
      element("input", {
        type: "checkbox",
        value: column.id,
        onchange: kit.changed,
        "aria-label": `${wordsOf(row.text)}: ${wordsOf(column.text)}`,
      }),
    );
    const cells = columns.map((column, place) =>
      element(
        "td",
        { role: "cell" },
        element("label", { class: "option" }, boxes[place], element("span", null, nodesOf(column.text, t))),
      ),
    );
    const node = element(
      "tr",
      { role: "row", class: "line" },
      element("th", { scope: "row", role: "rowheader" }, nodesOf(row.text, t)),
      ...cells,
    );
    const under = element(
      "tr",
      { role: "row", class: "under", hidden: true },
      element("td", { role: "cell", colspan: columns.length + 1 }, mark.node),
    );
    return { id: row.id, boxes, mark, node, under };
  });
  const heads = [view.row_label ?? "", ...columns.map((column) => wordsOf(column.text))];
  const table = element(
    "table",
    { role: "table", class: "map" },
    element("caption", null, element("span", { class: "unseen" }, `${view.title ?? ""} `), t("choose_ticks")),
    element(
      "thead",
      { role: "rowgroup" },
      element(
        "tr",
        { role: "row" },
        ...heads.map((head) => element("th", { scope: "col", role: "columnheader" }, head)),
      ),
    ),
    element("tbody", { role: "rowgroup" }, ...lines.flatMap((line) => [line.node, line.under])),
  );
  return {
    node: element("div", { role: "group", "aria-labelledby": kit.title, "aria-describedby": kit.prompt }, table),
    read() {
      const ticked = lines.map((line) => [line.id, line.boxes.filter((box) => box.checked).map((box) => box.value)]);
      const some = ticked.filter(([, ticks]) => ticks.length);
      return some.length ? Object.fromEntries(some) : null;
    },
    write(value) {
      for (const line of lines)
        for (const box of line.boxes) box.checked = (value?.[line.id] ?? []).includes(box.value);
    },
    mark(result) {
      for (const line of lines) {
        rowMark(line.mark, result?.rows?.[line.id], t);
        line.under.hidden = line.mark.node.hidden;
        for (const box of line.boxes) describe(box, line.mark);
      }
    },
  };
}
