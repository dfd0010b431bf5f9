import { element } from "../elements.js";
import { describe, legend, note, reason } from "../marks.js";
import { nodesOf } from "../tree.js";

/** @import { QuestionKit, QuestionView, Input } from "../types.js" */

/**
 * One option, or all that fit.
 *
 * @param {QuestionView} view
 * @param {QuestionKit} kit
 * @returns {Input}
 */
export function choice(view, kit) {
  const { t } = kit;
  const several = view.kind === "multiple";
  const lines = (view.options ?? []).map((option) => {
    const box = element("input", {
      type: several ? "checkbox" : "radio",
      name: kit.id("choice"),
      value: option.id,
      onchange: kit.changed,
    });
    const mark = note(kit);
    const label = element("label", { class: "option" }, box, element("span", null, nodesOf(option.text, t)));
    return { id: option.id, box, mark, node: element("div", { class: "line" }, label, mark.node) };
  });
  return {
    node: element(
      "fieldset",
      { "aria-describedby": kit.prompt },
      legend(view, several ? t("choose_all") : t("choose_one")),
      ...lines.map((line) => line.node),
    ),
    read() {
      const chosen = lines.filter((line) => line.box.checked).map((line) => line.id);
      return chosen.length === 0 ? null : several ? chosen : chosen[0];
    },
    write(value) {
      for (const line of lines) line.box.checked = [value].flat().includes(line.id);
    },
    mark(result) {
      for (const line of lines) {
        const found = result?.options?.[line.id];
        if (found && found.mark !== "empty")
          line.mark.show(found.mark, t(`option_${found.mark}`), reason(found.reason, t));
        else line.mark.show(undefined, "");
        describe(line.box, line.mark);
      }
    },
  };
}
