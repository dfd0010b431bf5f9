/* Handing in. */

import { PATIENCE } from "../courier.js";
import { button, element } from "../elements.js";
import { kitOf } from "../kit.js";
import { symbol } from "../marks.js";
import { statusLine } from "../status.js";
import { TYPING_PAUSE } from "../unsaved.js";

/** @import { Courier, Face, HandInView, Numbered } from "../types.js" */
/** @import { Texts } from "../texts.js" */

/**
 * The card with which an exercise is handed in.
 *
 * @param {HTMLElement} root
 * @param {HandInView} view
 * @param {Courier} line
 * @param {Texts} texts
 * @returns {Face}
 */
export function handIn(root, view, line, texts) {
  const kit = kitOf(root, texts);
  const { t } = kit;
  let now = view;
  let calm = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;

  const help = element("p", { class: "help", id: kit.id("help") }, t("code_help"));
  const field = element("input", {
    id: kit.id("code"),
    type: "text",
    class: "field short",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    "aria-describedby": help.id,
    oninput: typed,
    onblur: left,
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter") settle();
    },
  });
  const state = element("div");
  const send = button(t("hand_in"), pressed, { class: "act main" });
  const result = element("div", { role: "status" });
  const status = statusLine(t, line);
  root.setAttribute("aria-labelledby", kit.id("title"));
  root.append(
    element("h3", { id: kit.id("title") }, t("hand_in_title")),
    state,
    element("label", { class: "over", for: field.id }, t("code")),
    field,
    help,
    element("div", { class: "actions" }, send),
    status.node,
    result,
  );

  function typed() {
    calm = "";
    field.removeAttribute("aria-invalid");
    clearTimeout(typing);
    typing = setTimeout(settle, TYPING_PAUSE);
    refresh();
  }

  function left() {
    settle();
    adopt();
  }

  /** Python tidies the name; doing so while somebody types would take letters from under their hands. */
  function adopt() {
    const waits = typing !== undefined || line.unsaved() || field.matches(":focus");
    if (!waits && field.value !== (now.code ?? "")) field.value = now.code ?? "";
  }

  function settle() {
    if (typing === undefined) return;
    clearTimeout(typing);
    typing = undefined;
    line.send({ do: "code", value: field.value.trim() });
  }

  async function pressed() {
    settle();
    if (field.value.trim()) {
      await saveNotebook();
      line.send({ do: "hand-in" });
      return;
    }
    calm = t("code_missing");
    field.setAttribute("aria-invalid", "true");
    field.focus();
    refresh();
  }

  function refresh() {
    status.show(now.trouble, calm);
  }

  function build() {
    const missing = now.missing ?? [];
    state.replaceChildren(
      element("p", null, t(missing.length ? "answered_some" : "answered_all", { answered: now.answered, of: now.of })),
      missing.length ? element("p", { class: "over", id: kit.id("missing") }, t("missing")) : "",
      missing.length
        ? element(
            "ul",
            { "aria-labelledby": kit.id("missing") },
            ...missing.map((title) => element("li", null, String(title))),
          )
        : "",
    );
    send.textContent = now.file ? t("hand_in_again") : t("hand_in");
  }

  function report() {
    result.className = now.file ? "result right" : now.note ? "result" : "";
    result.replaceChildren(
      now.file ? element("p", { class: "headline" }, symbol("right"), element("strong", null, t("handed_in"))) : "",
      now.file ? element("p", null, element("code", null, now.file)) : "",
      now.note || now.file ? element("p", null, now.note || t("hand_in_changes")) : "",
    );
  }

  /** @param {HandInView} next @param {Numbered | null} done */
  function update(next, done) {
    const before = now;
    now = next;
    build();
    if (before.file !== now.file || before.note !== now.note || done?.do === "hand-in") report();
    adopt();
    refresh();
  }

  field.value = view.code ?? "";
  build();
  report();
  refresh();
  return { update, refresh, leave: settle };
}

/**
 * What somebody wrote into a cell is in the file only once the notebook is saved; only the page around the card can do
 * that. Where nobody listens there is nothing to wait for.
 *
 * @returns {Promise<void>}
 */
function saveNotebook() {
  return new Promise((resolve) => {
    const asked = new CustomEvent("workshop-save", { cancelable: true, detail: { resolve } });
    const nobody = document.dispatchEvent(asked);
    setTimeout(resolve, nobody ? 0 : PATIENCE);
  });
}
