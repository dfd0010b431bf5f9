import { element } from "../elements.js";
import { describe, legend, note, rowMark } from "../marks.js";
import { nodesOf, wordsOf } from "../tree.js";

/** @import { QuestionKit, QuestionView, Input } from "../types.js" */

/** Letters that a closed list shows for certain. */
const CUT_OFF = 28;

/**
 * One of several things for each line, from a list.
 *
 * @param {QuestionView} view
 * @param {QuestionKit} kit
 * @returns {Input}
 */
export function match(view, kit) {
  const { t } = kit;
  const lines = (view.rows ?? []).map((row, index) => {
    const id = kit.id(`row-${index}`);
    const list = element(
      "select",
      { id, onchange: chosen },
      element("option", { value: "" }, t("choose")),
      ...(view.columns ?? []).map((column) => element("option", { value: column.id }, wordsOf(column.text))),
    );
    const whole = element("p", { class: "help whole", "aria-hidden": "true" });
    const mark = note(kit);
    const label = element("label", { for: id }, nodesOf(row.text, t));
    const node = element("div", { class: "line pair" }, label, element("div", null, list, whole), mark.node);
    return { id: row.id, list, whole, mark, node };
  });

  function chosen() {
    lines.forEach(spellOut);
    kit.changed();
  }

  /** A closed list cuts a long text off. @param {(typeof lines)[number]} line */
  function spellOut(line) {
    const words = line.list.value ? line.list.selectedOptions[0].text : "";
    line.whole.textContent = words;
    line.whole.hidden = words.length <= CUT_OFF;
  }

  lines.forEach(spellOut);
  return {
    node: element(
      "fieldset",
      { "aria-describedby": kit.prompt },
      legend(view, t("choose_rows")),
      rowLabels(view),
      ...lines.map((line) => line.node),
    ),
    read() {
      const chosen = lines.filter((line) => line.list.value).map((line) => [line.id, line.list.value]);
      return chosen.length ? Object.fromEntries(chosen) : null;
    },
    write(value) {
      for (const line of lines) line.list.value = value?.[line.id] ?? "";
      lines.forEach(spellOut);
    },
    mark(result) {
      for (const line of lines) {
        rowMark(line.mark, result?.rows?.[line.id], t);
        describe(line.list, line.mark);
      }
    },
  };
}

/** What stands left and right in a question of pairs. @param {QuestionView} view */
function rowLabels(view) {
  if (!view.row_label && !view.column_label) return "";
  return element(
    "p",
    { class: "labels", "aria-hidden": "true" },
    element("span", null, view.row_label ?? ""),
    element("span", null, view.column_label ?? ""),
  );
}
