/* A question. What is right comes from Python with the view: nothing is judged here. */

import { button, element } from "../elements.js";
import { KINDS } from "../kinds/registry.js";
import { kitOf } from "../kit.js";
import { reason, symbol } from "../marks.js";
import { statusLine } from "../status.js";
import { nodesOf } from "../tree.js";
import { unknownCard } from "../unknown.js";
import { onLeaving, TYPING_PAUSE, unsaved } from "../unsaved.js";

/** @import { Answer, Courier, Face, Input, Kit, Numbered, QuestionView, Result } from "../types.js" */
/** @import { Texts } from "../texts.js" */

/**
 * What makes a question the same one; answers and results change without making it another.
 *
 * @param {QuestionView} view
 */
export function likeness(view) {
  const { answer, saved, heard, trouble, result, ...rest } = view;
  return JSON.stringify(rest);
}

/**
 * The same answer may come back sorted or trimmed; only a different one is worth touching the inputs.
 *
 * @param {unknown} value
 * @param {boolean} [ordered] whether the order of a list is part of the answer
 * @returns {string}
 */
function canonical(value, ordered = false) {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value)) return JSON.stringify(ordered ? value : [...value].sort());
  if (value === null || typeof value !== "object") return "";
  const lines = Object.entries(value).map(([row, chosen]) => [row, canonical(chosen)]);
  return JSON.stringify(lines.filter(([, chosen]) => chosen && chosen !== "[]").sort());
}

/**
 * A question: answered, saved at once, and checked where that is wanted.
 *
 * @param {HTMLElement} root
 * @param {QuestionView} view
 * @param {Courier} line
 * @param {Texts} texts
 * @returns {Face}
 */
export function question(root, view, line, texts) {
  if (!Object.hasOwn(KINDS, view.kind)) return unknownCard(root, view, line, texts);
  const key = likeness(view);
  const own = kitOf(root, texts);
  const kit = { ...own, title: own.id("title"), prompt: own.id("prompt"), changed, typed, settle, enter };
  const { t } = kit;
  let now = view;
  /** @type {ReturnType<typeof setTimeout> | null} */
  let typing = null;
  /** @type {Answer} */
  let erased = null;

  const input = KINDS[view.kind](view, kit);
  const check = view.graded ? null : button(t("check"), checked, { class: "act main" });
  const clear = button(t("clear"), cleared);
  const status = statusLine(t, line);
  const result = resultPanel(kit, input);

  root.setAttribute("aria-labelledby", kit.title);
  root.append(
    element("h3", { id: kit.title }, view.title ?? ""),
    view.points ? element("p", { class: "points" }, t("points", { n: view.points })) : "",
    element("div", { class: "prompt", id: kit.prompt }, nodesOf(view.prompt, t)),
    input.node,
    element("div", { class: "actions" }, check, clear),
    status.node,
    result.node,
  );

  function changed() {
    erased = null;
    result.show(null);
    send();
  }

  function typed() {
    erased = null;
    result.show(null);
    clearTimeout(typing ?? undefined);
    typing = setTimeout(send, TYPING_PAUSE);
    unsaved.set(key, input.read());
    refresh();
  }

  function settle() {
    if (typing !== null) send();
  }

  function send() {
    clearTimeout(typing ?? undefined);
    typing = null;
    const value = input.read();
    unsaved.set(key, value);
    line.send(value === null ? { do: "clear" } : { do: "answer", value });
    refresh();
  }

  function enter() {
    if (check) checked();
    else settle();
  }

  function checked() {
    settle();
    line.send({ do: "check" });
  }

  function cleared() {
    const back = erased;
    erased = back === null ? input.read() : null;
    input.write(back);
    result.show(null);
    send();
    kit.say(back === null ? t("cleared") : t("brought_back"));
  }

  const inHand = () => typing !== null || line.unsaved();

  function refresh() {
    const answer = input.read();
    clear.textContent = erased === null ? t("clear") : t("bring_back");
    clear.hidden = answer === null && erased === null;
    const calm = answer === null ? (input.unanswered ?? t("unanswered")) : view.graded ? t("saved_graded") : t("saved");
    status.show(now.trouble, calm, Boolean(calm) && answer === null);
  }

  /** @param {QuestionView} next @param {Numbered | null} done */
  function update(next, done) {
    now = next;
    if (!inHand()) {
      const mine = done && done.do !== "check";
      if (mine) unsaved.delete(key);
      if (!mine && canonical(next.answer, input.ordered) !== canonical(input.read(), input.ordered)) adopt(next.answer);
      result.show(next.result);
    }
    if (done?.do === "check" && next.result) kit.say(result.words());
    refresh();
  }

  /** @param {Answer} answer */
  function adopt(answer) {
    erased = null;
    input.write(answer);
  }

  const leave = onLeaving(() => {
    settle();
    line.hurry();
  });

  input.write(view.answer);
  result.show(view.result);
  if (unsaved.has(key) && canonical(unsaved.get(key), input.ordered) !== canonical(view.answer, input.ordered)) {
    input.write(unsaved.get(key));
    changed();
  }
  refresh();

  return { update, refresh, leave };
}

/**
 * What came of an answer, as a whole.
 *
 * @param {Kit} kit
 * @param {Input} input
 */
function resultPanel(kit, input) {
  const { t } = kit;
  const node = element("div", { class: "result", hidden: true });
  let shown = "null";
  let headline = "";

  /** @param {Result | null | undefined} result */
  function show(result) {
    const text = JSON.stringify(result ?? null);
    if (text === shown) return;
    shown = text;
    input.mark(result);
    node.hidden = !result;
    node.className = `result ${result?.outcome ?? ""}`;
    node.replaceChildren();
    headline = result ? result.headline || t(`outcome_${result.outcome}`) : "";
    if (result) node.append(...parts(result));
  }

  /** @param {Result} result */
  function parts(result) {
    const scored = typeof result.points === "number" && typeof result.of === "number";
    return [
      element("p", { class: "headline" }, symbol(result.outcome), element("strong", null, headline)),
      scored ? element("p", null, t("points_of", { n: result.points, of: result.of })) : "",
      result.reason?.length ? reason(result.reason, t) : "",
      input.explain?.(result) ?? "",
      result.rubric?.length ? heading(t("rubric")) : "",
      result.rubric?.length
        ? element("ul", null, ...result.rubric.map((line) => element("li", null, nodesOf(line, t))))
        : "",
      result.model?.length ? heading(t("model")) : "",
      result.model?.length ? element("blockquote", null, nodesOf(result.model, t)) : "",
      result.next?.length ? element("div", { class: "next" }, nodesOf(result.next, t)) : "",
    ];
  }

  /** @param {string} text */
  function heading(text) {
    return element("h4", null, text);
  }

  return { node, show, words: () => headline };
}
