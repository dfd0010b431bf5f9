/* Who plays: alone, or a group with its roles. */

import { button, element } from "../elements.js";
import { nodesOf } from "../tree.js";

/** @import { Kit, Request, RoleCard, ScenarioView } from "../types.js" */

/**
 * Alone or as a group around one screen: who holds which office.
 *
 * @param {Kit} kit
 * @param {(request: Request) => void} send
 */
export function group(kit, send) {
  const { t } = kit;
  const summary = element("summary");
  const alone = way("alone", t("alone"), () => ({ do: "alone" }));
  const together = way("group", t("as_group"), wish);
  const sizes = element("select", { id: kit.id("people"), class: "field short", onchange: () => send(wish()) });
  const times = element("select", { id: kit.id("minutes"), class: "field short", onchange: () => send(wish()) });
  const news = element("p", { class: "note", role: "status" });
  const hands = element("div", { class: "hands" });
  const settings = element(
    "div",
    null,
    element(
      "div",
      { class: "numbers" },
      element("div", null, element("label", { class: "over", for: sizes.id }, t("people")), sizes),
      element("div", null, element("label", { class: "over", for: times.id }, t("minutes")), times),
    ),
    news,
    element("p", { class: "help" }, t("cards_help")),
    hands,
    element(
      "div",
      { class: "actions" },
      button(t("deal"), () => send({ do: "deal" })),
      button(t("print_cards"), () => send({ do: "cards" })),
    ),
  );
  const node = element(
    "details",
    { class: "around" },
    summary,
    element("fieldset", null, element("legend", null, t("how")), alone.line, together.line),
    settings,
  );
  let dealt = "";
  let opened = false;

  /** @param {string} value @param {string} words @param {() => Request} request */
  function way(value, words, request) {
    const box = element("input", { type: "radio", name: kit.id("how"), value, onchange: () => send(request()) });
    return { box, line: element("label", { class: "option" }, box, element("span", null, words)) };
  }

  /** @returns {Request} */
  function wish() {
    return { do: "group", people: Number(sizes.value), minutes: Number(times.value) };
  }

  /** @param {RoleCard[]} cards @param {number} index */
  function hand(cards, index) {
    const roles = cards.map((card) => card.title).join(", ");
    const details = element(
      "details",
      { class: "hand" },
      element("summary", null, t("person", { n: index + 1, roles })),
      ...cards.map((card) =>
        element(
          "div",
          { class: "role" },
          element("p", { class: "over" }, [card.title, card.side].filter(Boolean).join(" · ")),
          element(
            "dl",
            null,
            ...card.lines.flatMap(([name, words]) => [
              element("dt", null, name),
              element("dd", null, nodesOf(words, t)),
            ]),
          ),
        ),
      ),
    );
    // Two open cards would show one person's knowledge to another.
    details.addEventListener("toggle", () => {
      if (details.open)
        for (const other of hands.querySelectorAll("details")) if (other !== details) other.open = false;
    });
    return details;
  }

  return {
    node,
    fold() {
      for (const details of [node, ...hands.querySelectorAll("details")]) details.open = false;
    },
    /** @param {ScenarioView} now */
    update(now) {
      const group = now.group;
      node.hidden = !group || Boolean(now.replay);
      if (!group) return;
      if (!opened) {
        opened = true;
        node.open = !now.trail?.length && !now.ending;
        sizes.replaceChildren(...group.sizes.map((n) => new Option(String(n), String(n))));
        times.replaceChildren(...group.times.map((n) => new Option(n ? String(n) : t("no_timer"), String(n))));
      }
      summary.textContent = group.on ? t("playing_group", group) : t("playing_alone");
      alone.box.checked = !group.on;
      together.box.checked = group.on;
      sizes.value = String(group.people);
      times.value = String(group.minutes);
      settings.hidden = !group.on;
      const text = JSON.stringify(group.hands);
      if (text !== dealt) {
        dealt = text;
        hands.replaceChildren(...group.hands.map(hand));
      }
      const words = group.on && group.swapped ? t("swapped") : "";
      if (news.textContent !== words) news.textContent = words;
      news.hidden = !words;
    },
  };
}
