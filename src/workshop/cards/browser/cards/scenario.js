/* A scenario. What happens next comes from Python with the view. */

import { button, element } from "../elements.js";
import { kitOf } from "../kit.js";
import { group } from "../scenario/group.js";
import { lookingBack } from "../scenario/looking_back.js";
import { reasons } from "../scenario/reasons.js";
import { timer } from "../scenario/timer.js";
import { statusLine } from "../status.js";
import { sentence } from "../texts.js";
import { nodesOf } from "../tree.js";

/** @import { ChoiceView, Courier, Decision, Face, GaugeView, Numbered, Request, ScenarioView } from "../types.js" */
/** @import { Texts } from "../texts.js" */

/**
 * A scenario, played alone or as a group around one screen, and looked at again.
 *
 * @param {HTMLElement} root
 * @param {ScenarioView} view
 * @param {Courier} line
 * @param {Texts} texts
 * @returns {Face}
 */
export function scenario(root, view, line, texts) {
  const kit = kitOf(root, texts);
  const { t } = kit;
  const stage = element("div", { class: "stage" });
  const status = statusLine(t, line);
  let now = view;
  let calm = "";
  let played = "";
  let heading = element("h4");
  let trailOpen = false;
  const people = group(kit, (request) => line.send(request));
  const clockwork = timer(kit);
  const why = reasons(kit, line, () => {
    calm = "";
    refresh();
  });
  const back = lookingBack(kit, ask, texts);
  root.setAttribute("aria-labelledby", kit.id("title"));
  root.append(element("h3", { id: kit.id("title") }, view.title ?? ""), people.node, stage, status.node, back.node);

  /** A reason may be on its way while somebody presses the button; the choice then waits for its turn. @param {Request} request */
  function ask(request) {
    if (!line.busy() || request.do === "choose") line.send(request);
  }

  function build() {
    heading = element(
      "h4",
      { class: "scene", tabindex: "-1" },
      now.ending ? now.ending.title : (now.scene?.title ?? ""),
    );
    stage.replaceChildren(
      now.round ? element("p", { class: "round" }, now.round) : "",
      element("div", { class: "gauges" }, ...(now.gauges ?? []).map(gauge), clock()),
      ...(now.late ?? []).map((each) => element("p", { class: "late" }, t("late", each))),
      now.brief?.length ? element("div", null, nodesOf(now.brief, t)) : "",
      before(),
      now.group?.on && now.group.swapping ? element("p", { class: "side" }, t("swapping")) : "",
      element(
        "div",
        { class: now.ending ? "ending" : "" },
        now.ending ? element("p", { class: "round" }, t("ending")) : "",
        heading,
        nodesOf(now.ending ? now.ending.text : now.scene?.text, t),
      ),
      now.replay ? looking(now.replay) : now.ending ? "" : options(),
      trail(),
      now.replay ? "" : ways(),
    );
  }

  /** @param {GaugeView} each @param {number} index */
  function gauge(each, index) {
    const id = kit.id(`gauge-${index}`);
    const change = changeWords(each);
    return element(
      "div",
      { class: "gauge" },
      element(
        "span",
        { class: "name" },
        element("label", { for: id }, each.label),
        " ",
        element("strong", null, String(each.value)),
      ),
      element("meter", { id, min: "0", max: "100", value: each.value }, `${each.value}`),
      element("span", { class: "help" }, each.better === "lower" ? t("lower_better") : t("higher_better")),
      change
        ? element(
            "span",
            { class: `change ${isBetter(each) ? "good" : "bad"}` },
            element("span", { "aria-hidden": "true" }, each.change > 0 ? "▲ " : "▼ "),
            change,
          )
        : "",
    );
  }

  /** @param {GaugeView} each */
  const isBetter = (each) => each.change > 0 === (each.better !== "lower");

  /** @param {GaugeView} each */
  function changeWords(each) {
    if (!each.change) return "";
    const way = t(each.change > 0 ? "gauge_up" : "gauge_down", { n: Math.abs(each.change) });
    return sentence(way, isBetter(each) ? t("change_better") : t("change_worse"));
  }

  function clock() {
    if (!now.clock?.of) return "";
    return element("p", { class: "clock" }, t("clock", now.clock));
  }

  function options() {
    const decisions = (now.choices ?? []).filter((choice) => choice.decision);
    const others = (now.choices ?? []).filter((choice) => !choice.decision);
    const side = decisions.length && now.group?.on && now.scene?.side;
    return element(
      "div",
      { class: "options" },
      side ? element("p", { class: "side" }, t("side", { side })) : "",
      decisions.length ? decide(decisions) : "",
      ...others.map(goOn),
    );
  }

  /** @param {ChoiceView[]} decisions */
  function decide(decisions) {
    const boxes = decisions.map((choice) =>
      element("input", {
        type: "radio",
        name: kit.id("decision"),
        value: choice.id,
        disabled: choice.possible === false,
        onchange: () => {
          calm = "";
          refresh();
        },
      }),
    );
    const lines = decisions.map((choice, index) =>
      element(
        "div",
        { class: "line" },
        element("label", { class: "option" }, boxes[index], element("span", null, ...choiceWords(choice))),
      ),
    );
    function chosen() {
      const box = boxes.find((each) => each.checked);
      if (box && !why.wanted()) return ask({ do: "choose", choice: box.value, ...why.taken() });
      calm = box ? t("reason_first") : t("choose_first");
      return refresh();
    }
    return element(
      "fieldset",
      null,
      element("legend", null, t("decide")),
      clockwork.node,
      ...lines,
      why.node,
      element("div", { class: "actions" }, button(t("do_this"), chosen, { class: "act main" })),
    );
  }

  /** @param {ChoiceView} choice */
  function choiceWords(choice) {
    return [
      nodesOf(choice.text, t),
      choice.cost ? element("span", { class: "cost" }, ` ${choice.cost}`) : "",
      choice.possible !== false ? "" : element("span", { class: "why-not" }, ` ${choice.why_not || t("not_possible")}`),
    ];
  }

  /** @param {ChoiceView} choice */
  function goOn(choice) {
    const act = button("", () => ask({ do: "choose", choice: choice.id }), {
      class: "act main",
      disabled: choice.possible === false,
    });
    act.append(nodesOf(choice.text, t));
    const why =
      choice.possible !== false ? "" : element("span", { class: "why-not" }, ` ${choice.why_not || t("not_possible")}`);
    return element("p", { class: "go-on" }, act, why);
  }

  /** @param {Decision} step */
  function stepLine(step) {
    return element(
      "li",
      null,
      element("span", null, `${t("trail_scene", step)} `),
      element("strong", null, step.choice),
      element(
        "span",
        { class: "help" },
        [step.cost, step.effects, step.later && t("later", step)].filter(Boolean).join(" · "),
      ),
      step.reason ? element("span", { class: "kept" }, t("reason_kept", step)) : "",
    );
  }

  function before() {
    if (!now.before?.length) return "";
    return element(
      "div",
      { class: "before" },
      element("p", { class: "over", id: kit.id("before") }, t("before")),
      element("ol", { "aria-labelledby": kit.id("before") }, ...now.before.map(stepLine)),
    );
  }

  function trail() {
    if (!now.trail?.length) return "";
    const details = element(
      "details",
      { open: trailOpen || Boolean(now.ending) },
      element("summary", null, t("trail")),
      element("ol", null, ...now.trail.map(stepLine)),
    );
    details.addEventListener("toggle", () => {
      if (!now.ending) trailOpen = details.open;
    });
    return details;
  }

  /** @param {NonNullable<ScenarioView["replay"]>} replay */
  function looking(replay) {
    const { step, of, taken, decision, reason } = replay;
    /** @param {number} place */
    const to = (place) => ask({ do: "step", to: place });
    const next = button(t("replay_next"), () => to(step + 1), { class: "act main", disabled: step >= of });
    const former = button(t("replay_back"), () => to(step - 1), { disabled: step <= 0 });
    return element(
      "div",
      { class: "looking" },
      element("p", { class: "over" }, t("replaying", replay)),
      decision ? element("p", null, `${t("chosen_here")} `, element("strong", null, taken)) : "",
      decision && reason ? element("p", { class: "kept" }, t("reason_kept", { reason })) : "",
      element(
        "div",
        { class: "actions" },
        next,
        former,
        button(t("replay_leave"), () => ask({ do: "leave" })),
      ),
    );
  }

  function ways() {
    const again = button(t("restart"), () => confirm(true));
    const yes = button(t("restart_yes"), () => ask({ do: "restart" }));
    const no = button(t("restart_no"), () => confirm(false));
    const sure = element(
      "div",
      {
        class: "sure",
        role: "group",
        "aria-label": t("restart"),
        hidden: true,
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key === "Escape") confirm(false);
        },
      },
      element("p", { id: kit.id("sure") }, t("restart_ask")),
      element("div", { class: "actions" }, yes, no),
    );
    yes.setAttribute("aria-describedby", kit.id("sure"));

    /** @param {boolean} asked */
    function confirm(asked) {
      sure.hidden = !asked;
      again.setAttribute("aria-expanded", String(asked));
      (asked ? yes : again).focus();
    }

    const begun = now.trail?.length || now.ending;
    if (!begun && !now.can_go_back) return "";
    const row = element(
      "div",
      { class: "actions" },
      now.can_go_back ? button(t("back"), () => ask({ do: "back" })) : "",
      begun ? again : "",
    );
    return element("div", { class: "ways" }, row, sure);
  }

  function news() {
    const place = now.ending ? sentence(t("ending"), now.ending.title) : (now.scene?.title ?? "");
    const changes = (now.gauges ?? [])
      .filter((each) => each.change)
      .map((each) => sentence(`${each.label} ${each.value}`, changeWords(each)));
    const earlier = (now.late ?? []).map((each) => t("late", each));
    return [place, ...changes, ...earlier].join(". ");
  }

  function refresh() {
    status.show(now.trouble, calm);
  }

  /** @param {ScenarioView} next @param {Numbered | null} done */
  function update(next, done) {
    now = next;
    const { saved, heard, trouble, group: around, reason, after, plays, files, ...scene } = next;
    const text = JSON.stringify([scene, Boolean(around?.on)]);
    people.update(now);
    // A card that somebody left open would show to all what one office knows.
    if (done?.do === "choose") people.fold();
    clockwork.update(now);
    if (text !== played) {
      const focused = stage.contains(document.activeElement);
      const panel = people.node.contains(document.activeElement);
      played = text;
      calm = "";
      why.begin(now);
      build();
      /** @type {HTMLElement | null} */
      const next = done?.do === "step" ? stage.querySelector(".looking button:enabled") : null;
      if (!panel && (done || focused)) (next ?? heading).focus();
      if (done && !panel) kit.say(news());
    } else why.update(now);
    back.update(now, done);
    refresh();
  }

  update(view, null);
  return {
    update,
    refresh,
    leave() {
      why.leave();
      clockwork.leave();
    },
  };
}
