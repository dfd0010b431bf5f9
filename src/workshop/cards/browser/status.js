/* What a card says of saving. */

import { button, element } from "./elements.js";

/** @import { Courier } from "./types.js" */
/** @import { Translate } from "./texts.js" */

/**
 * The line under a card that says whether all is saved, with a button to try again.
 *
 * @param {Translate} t
 * @param {Courier} line
 */
export function statusLine(t, line) {
  const words = element("span", { role: "status", tabindex: "-1" });
  const retry = button(t("try_again"), line.retry, { hidden: true });
  return {
    node: element("p", { class: "status" }, words, retry),
    /**
     * @param {string | undefined} trouble what went wrong, in words
     * @param {string} calm what to say while nothing is under way
     * @param {boolean} [open] whether the calm words speak of something that is still to do
     */
    show(trouble, calm, open = false) {
      const state = line.state();
      if (state === "quick") return;
      const still = [calm, trouble].filter(Boolean).join(" ");
      const text = state === "still" ? still : state === "failed" ? trouble || t("lost") : t(state);
      if (words.textContent !== text) words.textContent = text;
      const wrong =
        state === "lost" || state === "waiting" || (state !== "saving" && state !== "making" && Boolean(trouble));
      words.classList.toggle("trouble", wrong);
      words.classList.toggle("open", open && text === calm);
      const offer = state === "lost" || state === "failed";
      if (!offer && retry.matches(":focus")) words.focus();
      retry.hidden = !offer;
    },
  };
}
