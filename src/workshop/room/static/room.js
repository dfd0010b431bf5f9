/* Every page of a participant: where the room stands, and what is said on the questions of the notes. */

import { element } from "../../cards/browser/elements.js";
import { connected, device, send, sendLeftOver } from "./connection.js";
import { follow } from "./pace.js";
import { t } from "./words.js";

/** Done once what an earlier page could not send has arrived. */
export const ready = sendLeftOver();

/** @param {HTMLFormElement} form */
function statements(form) {
  const { heading, relation, about, words } = /** @type {Record<string, HTMLSelectElement>} */ (
    /** @type {unknown} */ (form.elements)
  );
  const said = document.getElementById("said");
  const asked = new URLSearchParams(location.search).get("heading");
  if (asked && [...heading.options].some((option) => option.value === asked)) heading.value = asked;

  function narrow() {
    const line = document.getElementById("about-line");
    if (line) line.hidden = relation.value === "adds";
    for (const option of about.options) {
      option.disabled = !option.value.startsWith(heading.value);
      option.hidden = option.disabled;
    }
    if (about.selectedOptions[0]?.disabled ?? true) {
      about.value = [...about.options].find((option) => !option.disabled)?.value ?? "";
    }
  }

  heading.addEventListener("change", narrow);
  relation.addEventListener("change", narrow);
  narrow();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const statement = {
      heading: heading.value,
      relation: relation.value,
      about: relation.value === "adds" ? "" : about.value,
      words: words.value.trim(),
    };
    if (!statement.words || !said) return;
    said.textContent = t("statement_waits");
    send("/api/statements", { token: `${device}-${Date.now()}`, ...statement }, (reply) => {
      said.textContent = reply.data ? t("saved") : (reply.refused ?? "");
      if (!reply.data) return;
      const line = t(statement.about ? "own_statement_about" : "own_statement", statement);
      document.getElementById("own")?.append(element("li", null, line));
    });
    words.value = "";
  });
}

follow();
window.addEventListener("online", () => connected(true));
ready.then(() => {
  const form = document.getElementById("say");
  if (form instanceof HTMLFormElement) statements(form);
});
