import { element } from "../elements.js";

/** @import { QuestionKit, QuestionView, Input } from "../types.js" */

/**
 * An answer in one's own words.
 *
 * @param {QuestionView} view
 * @param {QuestionKit} kit
 * @returns {Input}
 */
export function written(view, kit) {
  const { t } = kit;
  const id = kit.id("text");
  const limit = view.words ?? 0;
  const count = element("p", { class: "help", id: kit.id("count") });
  const field = element("textarea", {
    id,
    rows: "7",
    class: "field",
    "aria-describedby": `${kit.title} ${kit.prompt} ${count.id}`,
    oninput: typed,
    onblur: kit.settle,
  });
  let over = false;

  function typed() {
    recount(true);
    kit.typed();
  }

  /** The count stands there to be read; it is spoken only where it starts or stops to matter. @param {boolean} aloud */
  function recount(aloud) {
    const n = field.value.split(/\s+/).filter(Boolean).length;
    const beyond = limit > 0 && n > limit;
    count.textContent = beyond
      ? t("words_over", { n, limit, over: n - limit })
      : limit
        ? t("words_of", { n, limit })
        : t("words", { n });
    if (aloud && beyond !== over) kit.say(beyond ? count.textContent : t("words_within", { limit }));
    over = beyond;
  }

  recount(false);
  return {
    node: element("div", null, element("label", { class: "over", for: id }, t("your_answer")), field, count),
    read: () => field.value.trim() || null,
    write(value) {
      field.value = value ?? "";
      recount(false);
    },
    mark() {},
  };
}
