/* Looking back on plays that are over. */

import { figure } from "../cards/figure.js";
import { button, element, scrolling } from "../elements.js";
import { nodesOf } from "../tree.js";

/** @import { After, Decision, FinishedPlay, Kit, Numbered, Request, ScenarioView } from "../types.js" */
/** @import { Texts } from "../texts.js" */

/**
 * What can be done when a play is over, and with those that were finished before.
 *
 * @param {Kit} kit
 * @param {(request: Request) => void} ask
 * @param {Texts} texts
 */
export function lookingBack(kit, ask, texts) {
  const { t } = kit;
  const files = element("div", { role: "status" });
  const region = element("div");
  const node = element("div", { class: "lookback" }, files, region);
  let drawn = "";
  /** @type {Record<string, boolean>} */
  const open = {};

  /** @param {string} name @param {string} title @param {boolean} first @param {...Node} children */
  function section(name, title, first, ...children) {
    const begun = open[name] ?? first;
    const details = element("details", { open: begun }, element("summary", null, title), ...children);
    // The browser reports an opening that nobody pressed for as well.
    details.addEventListener("toggle", () => {
      if (name in open || details.open !== begun) open[name] = details.open;
    });
    return details;
  }

  /** @param {After | null | undefined} each */
  function after(each) {
    if (!each) return [];
    const picture = element("section", { class: "pictured" });
    if (each.figure) figure(picture, each.figure, null, texts);
    return [
      element("h4", { tabindex: "-1" }, t("looking_back")),
      element(
        "div",
        { class: "actions" },
        each.can_draw && !each.figure ? button(t("draw"), () => ask({ do: "figure" })) : "",
        button(t("take_home"), () => ask({ do: "export" })),
      ),
      each.figure ? picture : "",
      each.comparison ? beside(each, each.comparison) : "",
      ...each.debrief.map((part, index) => section(part.title, part.title, index === 0, nodesOf(part.text, t))),
    ];
  }

  /** @param {After} each @param {NonNullable<After["comparison"]>} comparison */
  function beside(each, comparison) {
    const columns = [t("decision"), t("present"), t("play", { number: each.compared })];
    const title = element(
      "p",
      { class: "over", id: kit.fresh("beside"), tabindex: "-1" },
      t("comparison", { n: each.compared }),
    );
    /** @param {Decision | null} step */
    const cell = (step) =>
      element(
        "td",
        null,
        step ? step.choice : t("not_there"),
        step?.reason ? element("span", { class: "kept" }, t("reason_kept", step)) : "",
      );
    return element(
      "div",
      { class: "beside" },
      title,
      scrolling(
        element(
          "table",
          { "aria-labelledby": title.id },
          element(
            "thead",
            null,
            element("tr", null, ...columns.map((column) => element("th", { scope: "col" }, column))),
          ),
          element(
            "tbody",
            null,
            ...comparison.map((row) =>
              element("tr", null, element("th", { scope: "row" }, row.scene), ...row.plays.map(cell)),
            ),
          ),
        ),
      ),
    );
  }

  /** @param {ScenarioView} now */
  function plays(now) {
    if (!now.plays?.length) return "";
    const current = now.after?.number;
    const lines = now.plays.map((play) =>
      element(
        "li",
        null,
        element(
          "span",
          null,
          [t("play", play), play.when, play.people > 1 ? t("play_people", play) : t("play_alone")]
            .filter(Boolean)
            .join(", "),
          ": ",
          element("strong", null, play.ending),
          play.number === current ? ` (${t("this_play")})` : "",
        ),
        element(
          "div",
          { class: "actions" },
          button(t("replay"), () => ask({ do: "replay", play: play.number }), {
            "aria-label": `${t("replay")}: ${t("play", play)}`,
          }),
          now.after && play.number !== current ? comparing(now.after, play) : "",
        ),
      ),
    );
    return section(
      "plays",
      t("plays", { n: now.plays.length }),
      Boolean(now.after),
      element("ul", { class: "plays" }, ...lines),
    );
  }

  /** @param {After} after @param {FinishedPlay} play */
  function comparing(after, play) {
    const on = after.compared === play.number;
    const words = on ? t("stop_comparing") : t("compare");
    return button(words, () => ask({ do: "compare", play: on ? 0 : play.number }), {
      "aria-label": `${words}: ${t("play", play)}`,
    });
  }

  return {
    node,
    /** @param {ScenarioView} now @param {Numbered | null} done */
    update(now, done) {
      const names = now.files ?? [];
      files.replaceChildren(
        ...(names.length
          ? [
              element("p", null, t("written")),
              element(
                "ul",
                null,
                ...names.map((name) =>
                  element(
                    "li",
                    null,
                    now.links?.[name]
                      ? element("a", { href: now.links[name], download: name }, name)
                      : element("code", null, name),
                  ),
                ),
              ),
            ]
          : []),
      );
      const text = JSON.stringify([now.after, now.plays, Boolean(now.replay)]);
      if (text === drawn) return;
      drawn = text;
      const focused = region.contains(document.activeElement);
      region.replaceChildren(...after(now.after), now.replay ? "" : plays(now));
      if (!focused) return;
      // The button that was pressed may be gone; what it brought takes the focus, and else the heading.
      /** @type {Record<string, string>} */
      const places = { figure: ".pictured h3", compare: ".beside .over" };
      const brought = places[done?.do ?? ""];
      /** @type {HTMLElement | null} */
      const target = (brought ? region.querySelector(brought) : null) ?? region.querySelector("h4, summary");
      target?.setAttribute("tabindex", "-1");
      target?.focus();
    },
  };
}
