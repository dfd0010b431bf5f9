/* A figure. */

import { element, scrolling } from "../elements.js";
import { kitOf } from "../kit.js";
import { nodesOf } from "../tree.js";

/** @import { Courier, Face, FigureView } from "../types.js" */
/** @import { Texts } from "../texts.js" */

/** Milliseconds without a change after which a figure is described anew. */
const CALM = 400;

/**
 * A figure with its words and its numbers.
 *
 * @param {HTMLElement} root
 * @param {FigureView} view
 * @param {Courier | null} _line a figure asks for nothing
 * @param {Texts} texts
 * @returns {Face}
 */
export function figure(root, view, _line, texts) {
  const kit = kitOf(root, texts);
  const { t } = kit;
  const title = element("h3", { id: kit.id("title") });
  const image = element("img");
  const caption = element("figcaption");
  const words = element("p", { role: "status", class: "says" });
  const data = element("div");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  let open = false;
  root.setAttribute("aria-labelledby", kit.id("title"));
  root.append(title, element("figure", null, image, words, caption), data);

  /** @param {FigureView} now */
  function draw(now) {
    title.textContent = now.title ?? "";
    image.alt = now.alt ?? "";
    if (now.src && /^(data:image\/|https?:)/i.test(now.src)) image.src = now.src;
    else image.removeAttribute("src");
    caption.replaceChildren(nodesOf(now.caption, t));
    data.replaceChildren(now.table ? asTable(now.table, now.title) : "");
  }

  /** @param {NonNullable<FigureView["table"]>} table @param {string | undefined} name */
  function asTable(table, name) {
    const details = element(
      "details",
      { open },
      element("summary", null, t("table")),
      scrolling(
        element(
          "table",
          null,
          element("caption", { class: "unseen" }, name ?? ""),
          element(
            "thead",
            null,
            element("tr", null, ...table.columns.map((column) => element("th", { scope: "col" }, String(column)))),
          ),
          element(
            "tbody",
            null,
            ...table.rows.map((row) =>
              element("tr", null, ...row.map((cell) => element("td", null, String(cell ?? "")))),
            ),
          ),
        ),
      ),
    );
    details.addEventListener("toggle", () => {
      open = details.open;
    });
    return details;
  }

  /** While somebody drags a slider, only the place where it comes to rest is worth speaking. @param {FigureView} now */
  function update(now) {
    draw(now);
    clearTimeout(soon);
    soon = setTimeout(() => {
      if (words.textContent !== (now.note ?? "")) words.textContent = now.note ?? "";
    }, CALM);
  }

  draw(view);
  words.textContent = view.note ?? "";
  return { update, refresh() {}, leave: () => clearTimeout(soon) };
}
