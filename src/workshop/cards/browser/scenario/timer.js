/* The timer of a group. */

import { button, element, minutesAndSeconds } from "../elements.js";

/** @import { Kit, ScenarioView } from "../types.js" */

/**
 * A timer that somebody starts and can stop. It decides nothing, and speaks only twice.
 *
 * @param {Kit} kit
 */
export function timer(kit) {
  const { t } = kit;
  const shown = element("span", { class: "time", role: "timer" });
  const said = element("span", { class: "help" });
  const go = button(t("timer_start"), () => (ticking === null ? start() : stop()));
  const again = button(t("timer_again"), () => {
    stop();
    set(whole);
  });
  const node = element("div", { class: "timer", role: "group", "aria-label": t("timer") }, shown, go, again, said);
  let key = "";
  let whole = 0;
  let left = 0;
  let until = 0;
  /** @type {ReturnType<typeof setInterval> | null} */
  let ticking = null;

  /** @param {number} seconds */
  function set(seconds) {
    left = Math.max(0, seconds);
    shown.textContent = minutesAndSeconds(left);
    said.textContent = left ? "" : t("timer_up");
  }

  function start() {
    if (!left) set(whole);
    until = Date.now() + left * 1000;
    ticking = setInterval(tick, 250);
    go.textContent = t("timer_stop");
  }

  function stop() {
    clearInterval(ticking ?? undefined);
    ticking = null;
    go.textContent = t("timer_start");
  }

  function tick() {
    const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    if (seconds === left) return;
    set(seconds);
    if (seconds === 60 && whole > 60) kit.say(t("timer_minute"));
    if (seconds === 0) {
      stop();
      kit.say(t("timer_up"));
    }
  }

  return {
    node,
    /** @param {ScenarioView} now */
    update(now) {
      const minutes = now.group?.on && now.reason ? now.group.minutes : 0;
      node.hidden = !minutes;
      const next = minutes ? `${now.reason?.scene} ${minutes}` : "";
      if (next === key) return;
      key = next;
      stop();
      whole = minutes * 60;
      if (minutes) set(whole);
    },
    leave: stop,
  };
}
