/* The canvas of one's own architecture. */

import { entry, folded, lineList, newId, picker } from "../canvas/fields.js";
import { keeper } from "../canvas/keeper.js";
import { button, element, scrolling } from "../elements.js";
import { kitOf } from "../kit.js";
import { SYMBOLS } from "../marks.js";
import { statusLine } from "../status.js";
import { nodesOf } from "../tree.js";

/** @import { ArchitectureValue, ArchitectureView, Courier, Face, Institution, Named, Numbered } from "../types.js" */
/** @import { Texts } from "../texts.js" */

/**
 * One's own architecture: offices, what they do, how a warning passes, and what can be seen in it.
 *
 * @param {HTMLElement} root
 * @param {ArchitectureView} view
 * @param {Courier} line
 * @param {Texts} texts
 * @returns {Face}
 */
export function architecture(root, view, line, texts) {
  const kit = kitOf(root, texts);
  const { t } = kit;
  /** @param {Named[]} known @param {string} id */
  const label = (known, id) => known.find((each) => each.id === id)?.text ?? "";
  let now = view;
  let heard = view.summary;

  const keep = keeper(view, line, read, () => {
    offices.dress();
    refresh();
  });
  const title = element("h3", { id: kit.id("title"), tabindex: "-1" }, view.title);
  const kept = button(t("kept"), () => keep.ask({ do: "bring-back" }));
  const name = entry(kit, t("canvas_name"), "", keep, { short: true });
  const offices = lineList(kit, {
    add: t("add_office"),
    nameOf: officeName,
    made: office,
    changed: keep.send,
    most: view.most,
  });
  const chosen = {
    representative: picker(kit, t("representative"), [{ id: "", text: t("representative_none") }], "", keep),
    law: picker(kit, t("law"), view.laws, "none", keep),
    staff: picker(kit, t("staff"), view.staffs, "none", keep),
    money: picker(kit, t("money"), view.moneys, "none", keep),
  };
  const review = entry(kit, t("review"), "", keep, { help: t("review_help"), short: true });
  const answers = view.questions.map(answer);
  const mandate = folded(
    "",
    false,
    element("p", { class: "help" }, t("mandate_help")),
    ...answers.map((each) => each.node),
  );
  const seen = element("div");
  const status = statusLine(t, line);

  root.classList.add("canvas");
  root.setAttribute("aria-labelledby", title.id);
  root.append(
    title,
    element(
      "div",
      { class: "actions" },
      ...view.examples.map((each) => button(t("load", each), () => keep.ask({ do: "load", example: each.id }))),
      button(t("load_empty"), () => keep.ask({ do: "load", example: "" })),
      kept,
    ),
    element("p", { class: "help" }, t("load_help")),
    element(
      "div",
      { class: "sides" },
      element(
        "div",
        null,
        name.node,
        element("h4", null, t("offices")),
        element("p", { class: "help" }, t("offices_help")),
        offices.node,
        element(
          "fieldset",
          null,
          element("legend", null, t("frame")),
          ...Object.values(chosen).map((each) => each.node),
          review.node,
        ),
        element("h4", null, t("mandate")),
        mandate.node,
      ),
      element(
        "section",
        { class: "seen", "aria-labelledby": kit.id("seen") },
        element("h4", { id: kit.id("seen") }, t("analysis")),
        element("p", { class: "help" }, view.aid),
        seen,
      ),
    ),
    status.node,
  );

  /** @param {Partial<Institution>} data @param {boolean} open @param {() => void} remove */
  function office(data, open, remove) {
    const id = data.id || newId();
    const fields = {
      office: entry(kit, t("office"), data.office, keep),
      sector: picker(kit, t("sector"), view.sectors, data.sector ?? "other", keep),
      level: picker(kit, t("level"), view.levels, data.level ?? "national", keep),
      role: picker(kit, t("role"), view.roles, data.role ?? "member", keep),
      passes_to: picker(kit, t("passes_to"), [], "", { send: passed }),
      days: entry(kit, t("days"), data.days, keep, { short: true, digits: true }),
    };
    // Kept apart from its list, which for a moment may not hold the office that is meant.
    let wanted = data.passes_to ?? "";
    function passed() {
      wanted = fields.passes_to.control.value;
      keep.send();
    }
    const boxes = view.functions.map((each) =>
      element("input", {
        type: "checkbox",
        value: each.id,
        checked: (data.functions ?? []).includes(each.id),
        onchange: keep.send,
      }),
    );
    const ticks = element(
      "fieldset",
      { class: "ticks" },
      element("legend", null, t("does")),
      ...boxes.map((box, place) =>
        element("label", { class: "option" }, box, element("span", null, view.functions[place].text)),
      ),
    );
    // The analysis may stand far below: whoever ticks a box here sees that it changed something.
    const glance = element("p", { class: "glance", "aria-hidden": "true" }, now.summary);
    const away = button(t("remove"), remove);
    const fold = folded(
      "",
      open,
      fields.office.node,
      element("div", { class: "three" }, fields.sector.node, fields.level.node, fields.role.node),
      ticks,
      element("div", { class: "three" }, fields.passes_to.node, fields.days.node),
      glance,
      element("div", { class: "actions" }, away),
    );
    return {
      id,
      glance,
      node: fold.node,
      summary: fold.summary,
      first: fields.office.control,
      read: () => ({
        id,
        office: fields.office.control.value,
        sector: fields.sector.control.value,
        level: fields.level.control.value,
        role: fields.role.control.value,
        functions: boxes.filter((box) => box.checked).map((box) => box.value),
        passes_to: wanted,
        days: fields.days.control.value,
      }),
      /** @param {number} place */
      dress(place) {
        const own = this.read();
        const shown = officeName(this, place);
        const others = offices.lines
          .map((other, at) => ({ id: other.id, text: t("passes_on", { office: officeName(other, at) }) }))
          .filter((other) => other.id !== id);
        if (wanted !== "" && wanted !== view.decides && !others.some((other) => other.id === wanted)) wanted = "";
        offer(
          fields.passes_to.control,
          [{ id: "", text: t("passes_nobody") }, { id: view.decides, text: t("passes_decides") }, ...others],
          wanted,
        );
        const does = own.functions.map((each) => label(view.functions, each)).join(", ") || t("no_function");
        const to =
          own.passes_to === view.decides
            ? t("passes_decides")
            : others.find((other) => other.id === own.passes_to)?.text;
        fold.head.replaceChildren(
          element("strong", null, `${place + 1}. ${shown}`),
          element(
            "span",
            { class: "help" },
            ` ${[label(view.levels, own.level), does, to && `→ ${to}`].filter(Boolean).join(" · ")}`,
          ),
        );
        away.setAttribute("aria-label", t("remove_named", { name: shown }));
      },
    };
  }

  /** @param {ReturnType<typeof office>} line @param {number} [place] @returns {string} */
  function officeName(line, place = offices.lines.indexOf(line)) {
    return line.first.value.trim() || `${t("office_new")} ${place + 1}`;
  }

  /**
   * Options change under a list only where their words do, so that an open list stays open.
   *
   * @param {HTMLSelectElement} control
   * @param {Named[]} options
   * @param {string} value
   */
  function offer(control, options, value) {
    const words = JSON.stringify(options);
    if (control.dataset.words !== words)
      control.replaceChildren(...options.map((option) => element("option", { value: option.id }, option.text)));
    control.dataset.words = words;
    control.value = value;
  }

  /** @param {Named} question */
  function answer(question) {
    const field = entry(kit, question.text, "", keep, { long: true });
    const open = element("input", { type: "checkbox", onchange: keep.send });
    const state = element("span", { class: "state" });
    const node = element(
      "div",
      { class: "asked" },
      field.node,
      element(
        "p",
        { class: "settled" },
        state,
        element(
          "label",
          { class: "option" },
          open,
          element("span", null, t("still_open"), element("span", { class: "unseen" }, `: ${question.text}`)),
        ),
      ),
    );
    return {
      id: question.id,
      node,
      read: () => ({ text: field.control.value, open: open.checked }),
      /** @param {{ text?: string, open?: boolean } | undefined} data */
      write(data) {
        field.control.value = data?.text ?? "";
        open.checked = data?.open === true;
      },
      dress() {
        const done = Boolean(field.control.value.trim()) && !open.checked;
        state.textContent = `${symbolOf(done)} ${done ? t("is_answered") : t("is_open")}`;
        state.classList.toggle("done", done);
        return done;
      },
    };
  }

  /** @param {boolean} done */
  const symbolOf = (done) => SYMBOLS[done ? "right" : "missed"];

  function read() {
    /** @type {Record<string, any>} */
    const value = {
      name: name.control.value,
      institutions: offices.lines.map((each) => each.read()),
      review: review.control.value,
      mandate: {},
    };
    for (const [id, each] of Object.entries(chosen)) value[id] = each.control.value;
    for (const each of answers) {
      const given = each.read();
      if (given.text || given.open) value.mandate[each.id] = given;
    }
    // An untouched sheet is an empty one, whatever the lists stand on.
    return value;
  }

  /** @param {ArchitectureValue} value */
  function write(value) {
    name.control.value = value.name ?? "";
    offices.write(value.institutions ?? []);
    review.control.value = value.review ?? "";
    for (const each of answers) each.write(value.mandate?.[each.id]);
    standIns(value.representative ?? "");
    chosen.law.control.value = value.law || "none";
    chosen.staff.control.value = value.staff || "none";
    chosen.money.control.value = value.money || "none";
  }

  function standIns(wanted = chosen.representative.control.value) {
    const options = offices.lines.map((each, place) => ({ id: each.id, text: officeName(each, place) }));
    const known = options.some((option) => option.id === wanted) ? wanted : "";
    offer(chosen.representative.control, [{ id: "", text: t("representative_none") }, ...options], known);
  }

  function analysis() {
    const { columns, rows } = now.map;
    for (const each of offices.lines) each.glance.textContent = now.summary;
    const table = element(
      "table",
      { class: "levels" },
      element("caption", null, t("map")),
      element(
        "thead",
        null,
        element("tr", null, ...[t("map_function"), ...columns].map((each) => element("th", { scope: "col" }, each))),
      ),
      element(
        "tbody",
        null,
        ...rows.map((row) => {
          const nobody = row.cells.every((cell) => cell.length === 0);
          return element(
            "tr",
            { class: nobody ? "gap" : null },
            element(
              "th",
              { scope: "row" },
              row.label,
              nobody ? element("span", { class: "nobody" }, ` ${SYMBOLS.missed} ${t("nobody")}`) : "",
            ),
            ...row.cells.map((cell) => element("td", null, cell.join(", "))),
          );
        }),
      ),
    );
    seen.replaceChildren(
      element("p", { class: "summary" }, element("strong", null, now.summary)),
      scrolling(table),
      ...now.sections.map((each) =>
        element("div", { class: "finding" }, element("h5", null, each.title), nodesOf(each.tree, t)),
      ),
    );
  }

  function refresh() {
    standIns();
    const done = answers.map((each) => each.dress()).filter(Boolean).length;
    mandate.head.textContent = t("mandate_count", { n: done, of: answers.length });
    kept.hidden = !now.kept;
    status.show(now.trouble, t("saved"));
  }

  /** @param {ArchitectureView} next @param {Numbered | null} done */
  function update(next, done) {
    const before = JSON.stringify([now.map, now.sections]);
    now = next;
    if (keep.foreign(next, done)) write(next.value);
    if (JSON.stringify([next.map, next.sections]) !== before) analysis();
    refresh();
    if (done?.do === "load" || done?.do === "bring-back") {
      title.focus();
      kit.say(`${t("loaded")} ${next.summary}`);
    } else if (done && next.summary !== heard) {
      kit.say(next.summary);
    }
    heard = next.summary;
  }

  write(view.value);
  analysis();
  if (keep.left()) {
    write(keep.left());
    keep.send();
  }
  refresh();
  return { update, refresh, leave: keep.leave };
}
