/* The reader's desk: saves what is clicked or typed, at once, and says so. It makes no element of what anybody wrote. */

import { textsOf } from "../../../cards/browser/texts.js";

const { t } = textsOf(await (await fetch(document.documentElement.dataset.texts ?? "")).json());
const xsrf = document.querySelector("meta[name=xsrf]")?.getAttribute("content") ?? "";
const YEAR = 31_536_000;

/** Sends something to the desk; raises what went wrong. @param {string} address @param {unknown} data */
async function send(address, data) {
  const reply = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf },
    body: JSON.stringify(data),
    keepalive: true, // it goes on when the page is left
  });
  if (!reply.ok) throw new Error(String(reply.status));
}

/**
 * Does something and says whether it was saved.
 *
 * @param {Element} state
 * @param {() => Promise<void>} work
 */
async function saved(state, work) {
  state.textContent = t("desk_saving");
  try {
    await work();
    state.textContent = t("saved");
  } catch {
    state.textContent = t("desk_not_saved");
  }
}

/**
 * What the page has inside an article; the desk writes it so.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Element} inside
 * @param {Tag} tag
 */
function part(inside, tag, more = "") {
  return /** @type {HTMLElementTagNameMap[Tag]} */ (inside.querySelector(`${tag}${more}`));
}

/** Texts that are not empty, one a line. @param {...string} texts */
function lines(...texts) {
  return texts.filter(Boolean).join("\n");
}

const reader = document.getElementById("reader");
reader?.addEventListener("change", () => {
  const initials = encodeURIComponent(/** @type {HTMLInputElement} */ (reader).value.trim());
  const path = document.body.dataset.base;
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser yet
  document.cookie = `desk_reader=${initials}; path=${path}; max-age=${YEAR}; SameSite=Strict`;
  location.reload();
});

/** @param {HTMLElement} article */
function scoring(article) {
  const { save: address = "", key } = article.dataset;
  const bank = address.replace(/save$/, "bank");
  const state = part(article, "span", ".state");
  const comment = part(article, "textarea");
  const sum = part(article, "output");
  // One save at a time, and always of what stands there last. `sent` is what was last sent.
  let under_way = Promise.resolve();
  let sent = JSON.stringify(now());

  function now() {
    /** @type {Record<string, number>} */
    const points = {};
    for (const line of article.querySelectorAll("fieldset")) {
      const chosen = part(line, "input", "[type=radio]:checked");
      if (chosen) points[line.dataset.line ?? ""] = Number(chosen.value);
    }
    const pressed = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll(".use[aria-pressed=true]"));
    const used = [...pressed].map((button) => Number(button.dataset.id));
    return { key, points, comment: comment.value, used };
  }

  function save() {
    sum.textContent = String(Object.values(now().points).reduce((total, value) => total + value, 0));
    under_way = under_way.then(() => saved(state, sendNow));
    return under_way;
  }

  function sendNow() {
    const data = now();
    sent = JSON.stringify(data);
    return send(address, data);
  }

  // What still waits for its turn when the page is left goes out at once.
  window.addEventListener("pagehide", () => {
    if (sent !== JSON.stringify(now())) sendNow().catch(() => {});
  });

  /** Puts a comment of the bank under the answer, or takes it away. @param {HTMLButtonElement} button */
  function use(button) {
    const words = part(button, "span").textContent ?? "";
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(now));
    comment.value = now ? lines(comment.value.trim(), words) : comment.value.replace(words, "").trim();
    save();
  }

  /** @param {HTMLButtonElement} button */
  async function forget(button) {
    await saved(state, () => send(bank, { forget: Number(button.dataset.id) }));
    button.closest("li")?.remove();
  }

  /** @param {HTMLButtonElement} button */
  async function add(button) {
    const line = button.closest("fieldset");
    if (!line) return;
    const field = part(line, "input", ".new");
    const words = field.value.trim();
    if (!words) return;
    comment.value = lines(comment.value.trim(), words);
    await save();
    await saved(state, () => send(bank, { line: Number(line.dataset.line), words }));
    field.value = "";
  }

  article.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.matches("input[type=radio], textarea")) save();
  });
  article.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.matches(".use")) use(button);
    else if (button?.matches(".forget")) forget(button);
    else if (button?.matches(".add")) add(button);
  });
}

/** @param {HTMLElement} article */
function deciding(article) {
  const { decide: address = "", key } = article.dataset;
  const list = part(article, "select");
  list.addEventListener("change", () => {
    if (list.value === "") return;
    saved(part(article, "span", ".state"), () => send(address, { key, points: Number(list.value) }));
  });
}

for (const article of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("article[data-save]"))) {
  scoring(article);
}
for (const article of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("article[data-decide]"))) {
  deciding(article);
}
