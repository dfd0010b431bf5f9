/* The reason for a choice. */

import { element } from "../elements.js";
import { TYPING_PAUSE } from "../unsaved.js";

/** @import { Courier, Kit, ScenarioView } from "../types.js" */

/**
 * Why something is chosen, in the players' own words. What is typed is saved at once, and once more with the choice.
 *
 * @param {Kit} kit
 * @param {Courier} line
 * @param {() => void} changed
 */
export function reasons(kit, line, changed) {
  const { t } = kit;
  const label = element("label", { class: "over", for: kit.id("why") });
  const field = element("textarea", { id: kit.id("why"), class: "field", rows: "2", oninput: typed, onblur: settle });
  const node = element("div", { class: "why" }, label, field);
  let scene = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  let asked = false;
  let inGroup = false;

  function typed() {
    clearTimeout(typing);
    typing = setTimeout(settle, TYPING_PAUSE);
    changed();
  }

  function settle() {
    if (typing === undefined) return;
    clearTimeout(typing);
    typing = undefined;
    line.send({ do: "reason", scene, value: field.value });
  }

  /** @param {ScenarioView} now */
  function show(now) {
    node.hidden = !now.reason;
    inGroup = Boolean(now.group?.on);
    label.textContent = inGroup ? t("reason_group") : t("reason_alone");
  }

  return {
    node,
    /** @param {ScenarioView} now */
    begin(now) {
      settle();
      if (now.reason?.scene !== scene) asked = false;
      scene = now.reason?.scene ?? "";
      field.value = now.reason?.text ?? "";
      show(now);
    },
    /** @param {ScenarioView} now */
    update(now) {
      show(now);
      const mine = typing !== undefined || line.unsaved() || field.matches(":focus");
      if (!mine && now.reason && field.value !== now.reason.text) field.value = now.reason.text;
    },
    /** A group is asked once for its reason; whoever presses the button again goes on without. */
    wanted() {
      if (!inGroup || asked || node.hidden || field.value.trim()) return false;
      asked = true;
      field.focus();
      return true;
    },
    taken() {
      clearTimeout(typing);
      typing = undefined;
      return node.hidden ? {} : { reason: field.value };
    },
    leave: settle,
  };
}
