/* The canvas of a plan, or of a request for help. */

import { entry, folded, lineList, newId } from "../canvas/fields.js";
import { keeper } from "../canvas/keeper.js";
import { button, element } from "../elements.js";
import { kitOf } from "../kit.js";
import { symbol } from "../marks.js";
import { statusLine } from "../status.js";

/** @import { Courier, Face, FormView, Numbered } from "../types.js" */
/** @import { Texts } from "../texts.js" */

/**
 * A canvas of fields and, where it has them, rows: a plan, a request for help.
 *
 * @param {HTMLElement} root
 * @param {FormView} view
 * @param {Courier} line
 * @param {Texts} texts
 * @returns {Face}
 */
export function form(root, view, line, texts) {
  const kit = kitOf(root, texts);
  const { t } = kit;
  let now = view;

  const keep = keeper(view, line, read, () => {
    rows.dress();
    refresh();
  });
  const title = element("h3", { id: kit.id("title") }, view.title);
  const fields = view.fields.map((each) => ({ id: each.id, ...entry(kit, each.label, "", keep, each) }));
  const rows = lineList(kit, { add: t("add_step"), nameOf: rowName, made: row, changed: keep.send });
  const offered = element("div", { class: "offered" });
  const made = element("div", { role: "status" });
  const status = statusLine(t, line);
  root.classList.add("canvas");
  root.setAttribute("aria-labelledby", title.id);
  root.append(
    title,
    ...fields.map((each) => each.node),
    ...(view.row.length ? [element("h4", null, t("steps")), offered, rows.node] : []),
    element(
      "div",
      { class: "actions" },
      button(view.button, () => keep.ask({ do: "papers" }), { class: "act main" }),
    ),
    status.node,
    made,
  );

  /** @param {Record<string, string>} data @param {boolean} open @param {() => void} remove */
  function row(data, open, remove) {
    const id = data.id || newId();
    const inside = view.row.map((each) => ({ id: each.id, ...entry(kit, each.label, data[each.id], keep, each) }));
    const away = button(t("remove"), remove);
    const fold = folded("", open, ...inside.map((each) => each.node), element("div", { class: "actions" }, away));
    return {
      id,
      node: fold.node,
      summary: fold.summary,
      first: inside[0].control,
      /** @returns {Record<string, string>} */
      read: () => ({
        id,
        from: data.from ?? "",
        ...Object.fromEntries(inside.map((each) => [each.id, each.control.value])),
      }),
      /** @param {number} place */
      dress(place) {
        const shown = rowName(this, place);
        fold.head.replaceChildren(element("strong", null, `${place + 1}. `), shown);
        away.setAttribute("aria-label", t("remove_named", { name: shown }));
      },
    };
  }

  /** @param {ReturnType<typeof row>} line @param {number} [place] @returns {string} */
  function rowName(line, place = rows.lines.indexOf(line)) {
    const { step, goal } = line.read();
    return step.trim() || goal.trim() || `${t("step_new")} ${place + 1}`;
  }

  function read() {
    const value = Object.fromEntries(fields.map((each) => [each.id, each.control.value]));
    return view.row.length ? { ...value, rows: rows.lines.map((each) => each.read()) } : value;
  }

  /** @param {Record<string, any>} value */
  function write(value) {
    for (const each of fields) each.control.value = value[each.id] ?? "";
    rows.write(value.rows ?? []);
  }

  function suggest() {
    if (!view.row.length) return;
    const open = offered.querySelector("details")?.open ?? true;
    const taken = new Set(rows.lines.map((each) => each.read().from));
    const left = now.suggestions.filter((each) => !taken.has(each.id));
    const items = left.map((each, place) =>
      element(
        "li",
        null,
        element("span", null, element("strong", null, `${each.goal}. `), each.step),
        button(t("take_over"), () => take(each, place), { "aria-label": t("take_over_named", each) }),
      ),
    );
    offered.replaceChildren(
      left.length
        ? element(
            "details",
            { open },
            element("summary", null, t("suggestions", { n: left.length })),
            element("ul", null, ...items),
          )
        : element("p", { class: "help" }, t("suggestions_none")),
    );
  }

  /** @param {FormView["suggestions"][number]} suggestion @param {number} place */
  function take(suggestion, place) {
    const { id, ...words } = suggestion;
    rows.insert({ ...words, from: id }, rows.lines.length, false);
    keep.send();
    suggest();
    const left = offered.querySelectorAll("button");
    (left[Math.min(place, left.length - 1)] ?? rows.lines.at(-1)?.summary)?.focus();
    kit.say(t("taken", { n: rows.lines.length }));
  }

  function report() {
    made.className = now.files.length ? "result right" : "";
    made.replaceChildren(
      ...(now.files.length
        ? [
            element("p", { class: "headline" }, symbol("right"), element("strong", null, t("papers_ready"))),
            element("ul", null, ...now.files.map((file) => element("li", null, element("code", null, file)))),
            element("p", null, now.note),
          ]
        : []),
    );
  }

  function refresh() {
    status.show(now.trouble, t("saved"));
  }

  /** @param {FormView} next @param {Numbered | null} done */
  function update(next, done) {
    const before = now;
    now = next;
    if (keep.foreign(next, done)) write(next.value);
    if (JSON.stringify(before.suggestions) !== JSON.stringify(next.suggestions)) suggest();
    if (JSON.stringify(before.files) !== JSON.stringify(next.files) || done?.do === "papers") report();
    refresh();
  }

  write(view.value);
  if (keep.left()) {
    write(keep.left());
    keep.send();
  }
  suggest();
  report();
  refresh();
  return { update, refresh, leave: keep.leave };
}
