/* The facilitator's board, one question on the wall, and the record: what is clicked is done at once, and the board looks again each moment. */

import { element, minutesAndSeconds, scrolling } from "../../cards/browser/elements.js";
import { sentence } from "../../cards/browser/texts.js";
import { t } from "./words.js";

/**
 * @typedef {[label: string, number: number]} Part how many chose something
 * @typedef {[words: string, parts: Part[]]} Spread how one line of a question was answered
 * @typedef {{ name: string, title: string, answered: number, shown: number, few: boolean, lines: Spread[] }} Opened
 * @typedef {{ name: string, title: string, page: string, answered: number, split: number | null }} Asked
 * @typedef {{ title: string, gauges: string[], rows: { name: string, where: string, over: boolean, gauges: number[] }[] }} Groups
 * @typedef {{ name: string, people: number, here: boolean, answered: number, handed: number }} Seat
 * @typedef {{ title: string, graded: boolean, seats: number, mean: number, of: number }} Progress
 *
 * @typedef {object} Statement
 * @property {number} id
 * @property {string} heading
 * @property {string} relation
 * @property {string} about
 * @property {string} words
 * @property {number | null} merged_into
 * @property {boolean} shared
 * @property {boolean} left_out
 *
 * @typedef {object} State
 * @property {number | null} left seconds of the timer, or null
 * @property {Seat[]} seats
 * @property {Progress[]} progress
 * @property {string[]} closed
 * @property {Record<string, number | null>} until
 * @property {Asked[]} questions
 * @property {Opened[]} opened
 * @property {Groups | null} groups
 * @property {Statement[]} statements
 */

const LOOK = 700;
const TICK = 500;
const FIRST = 5;
const { view, question } = document.body.dataset;
/** @param {number} time milliseconds */
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** A field of the page, which the template has. @param {string} id */
const field = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

/** @param {string} words */
function say(words) {
  const line = field("line");
  line.hidden = !words;
  line.textContent = words;
}

/** @param {Record<string, unknown>} asked */
async function act(asked) {
  try {
    const reply = await fetch("/api/board", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    });
    const state = await reply.json();
    say(reply.ok ? "" : state.trouble);
    if (reply.ok) show(state);
  } catch {
    say(t("board_no_answer"));
  }
}

/** @type {Map<string, string>} */
const drawn = new Map();

/**
 * Only what has changed is made anew: otherwise the focus would be lost with every look.
 *
 * @param {string} id
 * @param {unknown} data
 * @param {() => (Node | string)[]} build
 */
function draw(id, data, build) {
  const text = JSON.stringify(data);
  const place = document.getElementById(id);
  if (!place || drawn.get(id) === text) return;
  const active = place.contains(document.activeElement) ? document.activeElement : null;
  if (active?.matches("textarea, select")) return;
  const focused = active?.getAttribute("data-key");
  drawn.set(id, text);
  place.replaceChildren(...build());
  if (!focused) return;
  const again = place.querySelector(`[data-key="${CSS.escape(focused)}"]`);
  if (again instanceof HTMLElement) again.focus();
}

/** @type {number | null} */
let ends = null;

/** @param {State} state */
function show(state) {
  ends = state.left === null ? null : Date.now() + state.left * 1000;
  tick();
  if (view === "screen") showOnWall(state);
  if (view === "board") showBoard(state);
}

/** @param {State} state */
function showOnWall(state) {
  if (question === "groups") {
    const { groups } = state;
    draw("opened", groups, () => [groups ? groupTable(groups) : element("p", null, t("board_no_scenario"))]);
    return;
  }
  const opened = state.opened.find((each) => each.name === question);
  draw("opened", opened ?? null, () => [opened ? spread(opened, "h1") : element("p", null, t("board_closed"))]);
}

/** @param {State} state */
function showBoard(state) {
  const { seats, groups } = state;
  const people = seats.reduce((sum, seat) => sum + seat.people, 0);
  const here = seats.filter((seat) => seat.here).length;
  draw("who", [people, here, seats.length], () => [t("board_who", { seats: seats.length, people, here })]);
  draw("seats", seats, () => seats.map(seatLine));
  draw("progress", state.progress, () =>
    state.progress.map((each) =>
      element("li", null, t(each.graded ? "board_progress_graded" : "board_progress", each)),
    ),
  );
  showPages(state);
  const open = new Set(state.opened.map((each) => each.name));
  const first = state.questions.slice(0, FIRST);
  const others = state.questions.slice(FIRST);
  /** @param {Asked} each */
  const line = (each) => questionLine(each, open.has(each.name));
  draw("questions", [first, [...open]], () =>
    first.length ? first.map(line) : [element("li", null, t("board_nobody_answered"))],
  );
  draw("other-questions", [others, [...open]], () => others.map(line));
  draw("opened", state.opened, () => state.opened.map(openedQuestion));
  field("groups-part").hidden = !groups;
  draw("groups", groups, () => (groups ? [groupTable(groups)] : []));
  draw("statements", state.statements, () =>
    state.statements.length ? statements(state.statements) : [element("p", null, t("board_nothing_said"))],
  );
}

/** @param {Seat} seat */
function seatLine(seat) {
  const words = t(seat.people > 1 ? "board_seat_people" : "board_seat", seat);
  const more = sentence(words, seat.handed > 0 && t("board_handed_in"), !seat.here && t("board_away"));
  return element("li", { class: seat.here ? "here" : "away" }, more);
}

/** @param {State} state */
function showPages(state) {
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-page]"))) {
    box.checked = !state.closed.includes(box.dataset.page ?? "");
  }
  for (const list of /** @type {NodeListOf<HTMLSelectElement>} */ (document.querySelectorAll("[data-until]"))) {
    const until = state.until[list.dataset.until ?? ""];
    if (list !== document.activeElement) list.value = until ? String(until - 1) : "";
  }
}

/** @param {Asked} each @param {boolean} open */
function questionLine(each, open) {
  const words = t(open ? "board_close" : "board_open");
  const split = each.split === null ? "" : t("board_split", { percent: Math.round(100 * each.split) });
  const press = element(
    "button",
    {
      "data-key": `show ${each.name}`,
      "aria-label": `${words}: ${each.title}`,
      onclick: () => act({ do: open ? "hide" : "show", question: each.name }),
    },
    words,
  );
  return element("li", null, `${sentence(t("board_question", each), split)} `, press);
}

/** @param {Opened} each */
function openedQuestion(each) {
  const wall = element("a", { href: `/screen/${each.name}`, target: "_blank" }, t("board_show_on_wall"));
  const close = element(
    "button",
    { "data-key": `hide ${each.name}`, onclick: () => act({ do: "hide", question: each.name }) },
    t("board_close"),
  );
  return element("article", null, spread(each, "h3"), element("p", null, wall, " ", close));
}

/**
 * How the room answered one question.
 *
 * @param {Opened} each
 * @param {"h1" | "h3"} heading
 */
function spread(each, heading) {
  const section = element(
    "section",
    { class: "spread" },
    element(heading, null, each.title),
    element("p", null, t("board_answered", each)),
  );
  if (!each.few && each.shown !== each.answered) {
    section.append(element("p", { class: "help" }, t("board_picture_waits", each)));
  }
  if (each.few) section.append(element("p", null, t("board_few")));
  else if (!each.lines.length) section.append(element("p", null, t("board_in_words")));
  /** @param {Part[]} parts */
  const labels = (parts) => JSON.stringify(parts.map(([label]) => label));
  const alike = each.lines.every(([, parts]) => labels(parts) === labels(each.lines[0][1]));
  if (each.lines.length > 1 && alike) section.append(grid(each.lines));
  else section.append(...each.lines.map(bars));
  return section;
}

/** @param {Spread} line */
function bars([words, parts]) {
  const whole = Math.max(
    1,
    parts.reduce((sum, [, number]) => sum + number, 0),
  );
  const rows = parts.map(([label, number]) => {
    const bar = element("meter", { min: 0, max: whole, value: number, "aria-hidden": "true" });
    return element("tr", null, rowHead(label), numberCell(String(number)), element("td", null, bar));
  });
  return element("table", null, words ? element("caption", null, words) : "", element("tbody", null, ...rows));
}

/** Lines that were all put into the same boxes: one table, the box that most chose in bold. @param {Spread[]} lines */
function grid(lines) {
  const heads = lines[0][1].map(([label]) => element("th", { scope: "col" }, label));
  const rows = lines.map(([words, parts]) => {
    const most = Math.max(...parts.map(([, number]) => number));
    const cells = parts.map(([, number]) =>
      numberCell(number === most ? element("b", null, String(number)) : String(number)),
    );
    return element("tr", null, rowHead(words), ...cells);
  });
  const head = element("thead", null, element("tr", null, element("td"), ...heads));
  return scrolling(element("table", { class: "grid" }, head, element("tbody", null, ...rows)));
}

/** @param {Groups} groups */
function groupTable(groups) {
  const heads = [t("board_group"), t("board_where"), ...groups.gauges].map((words) =>
    element("th", { scope: "col" }, words),
  );
  const rows = groups.rows.map((row) => {
    const where = row.over ? t("board_ended", row) : row.where;
    const gauges = row.gauges.map((value) => numberCell(String(value)));
    return element("tr", null, rowHead(row.name), element("td", null, where), ...gauges);
  });
  const head = element("thead", null, element("tr", null, ...heads));
  const caption = element("caption", null, groups.title);
  return scrolling(element("table", null, caption, head, element("tbody", null, ...rows)));
}

/** @param {string} words */
function rowHead(words) {
  return element("th", { scope: "row" }, words);
}

/** @param {Node | string} inside */
function numberCell(inside) {
  return element("td", { class: "n" }, inside);
}

/** @param {Statement[]} all */
function statements(all) {
  const numbers = new Map(all.map((each, place) => [each.id, place + 1]));
  return all.map((each) => statement(each, all, numbers));
}

/**
 * @param {Statement} each
 * @param {Statement[]} all
 * @param {Map<number, number>} numbers
 */
function statement(each, all, numbers) {
  const n = numbers.get(each.id);
  /** @param {Record<string, unknown>} values */
  const change = (values) => act({ do: "statement", id: each.id, ...values });
  const words = element("textarea", {
    rows: 2,
    maxlength: 600,
    "aria-label": t("board_statement_words", { n }),
    onchange: () => change({ words: words.value }),
  });
  words.value = each.words;
  const others = all.filter(
    (other) => other.heading === each.heading && other.id !== each.id && !other.merged_into && !other.left_out,
  );
  const merge = element(
    "select",
    {
      "aria-label": t("board_statement_same", { n }),
      onchange() {
        merge.blur();
        change({ merged_into: merge.value ? Number(merge.value) : null });
      },
    },
    element("option", { value: "" }, t("board_same_as")),
    ...others.map((other) =>
      element(
        "option",
        { value: other.id, selected: other.id === each.merged_into },
        `${numbers.get(other.id)}. ${other.words.slice(0, 60)}`,
      ),
    ),
  );
  const shared = element("input", {
    type: "checkbox",
    checked: each.shared,
    "data-key": `shared ${each.id}`,
    onchange: () => change({ shared: shared.checked }),
  });
  const out = element(
    "button",
    { "data-key": `out ${each.id}`, onclick: () => change({ left_out: !each.left_out }) },
    t(each.left_out ? "board_bring_back" : "board_take_out"),
  );
  const about = sentence(
    `${each.heading}, ${each.relation}${each.about ? ` ${each.about}` : ""}`,
    each.merged_into ? t("board_counted_with", { n: numbers.get(each.merged_into) }) : "",
    each.left_out && t("board_taken_out"),
  );
  return element(
    "article",
    { class: each.left_out ? "left-out" : "" },
    element("p", null, element("b", null, `${n}. `), about),
    words,
    element("p", null, element("label", null, shared, ` ${t("board_shares")}`), " ", merge, " ", out),
  );
}

function tick() {
  const place = document.getElementById("left");
  if (!place) return;
  const left = ends === null ? null : Math.max(0, Math.round((ends - Date.now()) / 1000));
  place.textContent = left === null ? "" : left ? minutesAndSeconds(left) : t("board_time_up");
}

/** What a button of the board asks for, by its `data-do`. @type {Record<string, () => Record<string, unknown>>} */
const ACTS = {
  words: () => ({ words: field("words").value }),
  silent: () => ({ do: "words", words: t("board_silent") }),
  quiet: () => ({ do: "words", words: "" }),
  timer: () => ({ minutes: Number(field("minutes").value) }),
  stop: () => ({ do: "timer", minutes: 0 }),
  send: () => {
    const [page, card] = field("play").value.split(" ");
    return { page, card };
  },
  unsend: () => ({ do: "send" }),
  ask: () => ({ heading: field("ask").value }),
  unask: () => ({ do: "ask" }),
};

document.addEventListener("click", async (event) => {
  const press = event.target instanceof Element ? event.target.closest("button") : null;
  const asked = press?.dataset.do;
  if (!asked) return;
  if (asked === "leave-out") {
    await act({ do: "statement", id: Number(press.dataset.id), left_out: true });
    location.reload();
  } else act({ do: asked, ...ACTS[asked]() });
});

document.addEventListener("change", async (event) => {
  const changed = /** @type {HTMLInputElement} */ (event.target);
  const { page, until } = changed.dataset;
  if (page) act({ do: changed.checked ? "open" : "close", page });
  if (until) act({ do: "until", page: until, section: changed.value ? Number(changed.value) : null });
  if (changed.id === "names") {
    await act({ do: "names", names: changed.checked });
    location.reload();
  }
});

setInterval(tick, TICK);
while (view !== "record") {
  try {
    const reply = await fetch("/api/board");
    say(reply.ok ? "" : t("board_shut"));
    if (reply.ok) show(await reply.json());
  } catch {
    say(t("board_no_answer"));
  }
  await sleep(LOOK);
}
