import { button, element } from "../elements.js";
import { legend, note, reason } from "../marks.js";
import { nodesOf, wordsOf } from "../tree.js";

/** @import { QuestionKit, QuestionView, Input, Line, Result } from "../types.js" */

/**
 * Lines to put in order. The order as shown is no answer until somebody moved a line or said so.
 *
 * @param {QuestionView} view
 * @param {QuestionKit} kit
 * @returns {Input}
 */
export function rank(view, kit) {
  const { t } = kit;
  const first = (view.options ?? []).map((option) => option.id);
  let answered = false;

  /** @type {Map<string, ReturnType<typeof rankLine>>} */
  const lines = new Map();
  for (const option of view.options ?? []) lines.set(option.id, rankLine(option));
  const list = element("ol", { class: "rank", "aria-label": t("rank_list"), tabindex: "-1" });
  const notice = element("p", { class: "notice" }, `${t("rank_unanswered")} `, button(t("rank_confirm"), confirm));

  /** @param {Line} option */
  function rankLine(option) {
    const words = wordsOf(option.text);
    const up = button(t("up"), () => move(line, -1), { "aria-label": `${t("up")}: ${words}` });
    const down = button(t("down"), () => move(line, 1), { "aria-label": `${t("down")}: ${words}` });
    const mark = note(kit);
    const node = element(
      "li",
      { class: "line" },
      element(
        "div",
        { class: "ranked" },
        element("span", { class: "words" }, nodesOf(option.text, t)),
        element("span", { class: "moves" }, up, down),
      ),
      mark.node,
    );
    const line = { id: option.id, words, up, down, mark, node };
    return line;
  }

  const order = () => [...list.children].flatMap((node) => [...lines.values()].filter((line) => line.node === node));

  /**
   * The neighbour moves, so that the line keeps its focus.
   *
   * @param {ReturnType<typeof rankLine>} line
   * @param {number} by
   */
  function move(line, by) {
    const neighbour = by < 0 ? line.node.previousElementSibling : line.node.nextElementSibling;
    if (!neighbour) return;
    if (by < 0) line.node.after(neighbour);
    else line.node.before(neighbour);
    answered = true;
    dress();
    kit.say(t("moved", { line: line.words, place: order().indexOf(line) + 1, of: lines.size }));
    kit.changed();
  }

  function confirm() {
    answered = true;
    list.focus();
    dress();
    kit.say(t("rank_confirmed"));
    kit.changed();
  }

  function dress() {
    notice.hidden = answered;
    const now = order();
    now.forEach((line, place) => {
      block(line.up, place === 0, line.down);
      block(line.down, place === now.length - 1, line.up);
    });
  }

  /**
   * A focused button that becomes disabled would drop the focus to the top of the page.
   *
   * @param {HTMLButtonElement} one
   * @param {boolean} blocked
   * @param {HTMLButtonElement} other
   */
  function block(one, blocked, other) {
    const focused = one.matches(":focus");
    if (blocked && focused) other.disabled = false;
    if (blocked && focused) other.focus();
    one.disabled = blocked;
  }

  /** @param {any} value */
  function write(value) {
    answered = Array.isArray(value);
    /** @type {string[]} */
    const wanted = answered ? value : first;
    for (const id of new Set([...wanted, ...first]))
      list.append(...(lines.has(id) ? [/** @type {any} */ (lines.get(id)).node] : []));
    dress();
  }

  /** @param {Result} result */
  function bestOrder(result) {
    if (!result.order?.length) return "";
    const items = result.order.map((id) => {
      const text = element("strong", null, nodesOf((view.options ?? []).find((option) => option.id === id)?.text, t));
      return element("li", null, text, reason(result.rows?.[id]?.reason, t));
    });
    return element("div", null, element("h4", null, t("best_order")), element("ol", null, ...items));
  }

  write(null);
  return {
    node: element("fieldset", { "aria-describedby": kit.prompt }, legend(view, t("put_in_order")), list, notice),
    ordered: true,
    // The notice above says it already.
    unanswered: "",
    read: () => (answered ? order().map((line) => line.id) : null),
    write,
    mark(result) {
      for (const line of lines.values()) {
        const found = result?.rows?.[line.id];
        if (found?.mark === "right" || found?.mark === "wrong") line.mark.show(found.mark, t(`line_${found.mark}`));
        else line.mark.show(undefined, "");
      }
    },
    explain: bestOrder,
  };
}
