import { element } from "../elements.js";

/** @import { QuestionKit, QuestionView, Input } from "../types.js" */

/**
 * A number, as people write it.
 *
 * @param {QuestionView} view
 * @param {QuestionKit} kit
 * @returns {Input}
 */
export function number(view, kit) {
  const { t } = kit;
  const id = kit.id("number");
  const help = element("p", { class: "help", id: kit.id("help") }, t("your_number"));
  const field = element("input", {
    id,
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    class: "field short",
    "aria-describedby": `${kit.title} ${kit.prompt} ${help.id}`,
    oninput: kit.typed,
    onblur: kit.settle,
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter") kit.enter();
    },
  });
  const label = view.unit ? t("your_answer_in", { unit: view.unit }) : t("your_answer");
  return {
    node: element("div", null, element("label", { class: "over", for: id }, label), field, help),
    read: () => field.value.trim() || null,
    write(value) {
      field.value = value ?? "";
    },
    mark() {},
  };
}
