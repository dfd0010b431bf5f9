/* The facilitator's board, one question on the wall, and the record: what is clicked is done at once, and the board looks again each moment. */

const LOOK = 700;
const FIRST = 5;
const { view, question } = document.body.dataset;
const byId = (id) => document.getElementById(id);
const sleep = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const trouble = byId("line");

function say(words) {
  trouble.hidden = !words;
  trouble.textContent = words;
}

async function act(asked) {
  try {
    const reply = await fetch("/api/board", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked) });
    const state = await reply.json();
    if (!reply.ok) return say(state.trouble);
    say("");
    show(state);
  } catch {
    say("The room does not answer. Is the program still running?");
  }
}

// Only what has changed is made anew: otherwise the focus would be lost with every look.
const drawn = new Map();

function draw(id, data, build) {
  const text = JSON.stringify(data);
  const place = byId(id);
  if (!place || drawn.get(id) === text || place.contains(document.activeElement) && document.activeElement.matches("textarea, select")) return;
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  drawn.set(id, text);
  place.replaceChildren(...build());
  if (focused) place.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

let ends = null;

function show(state) {
  ends = state.left === null ? null : Date.now() + state.left * 1000;
  tick();
  if (view === "screen" && question === "groups")
    return draw("opened", state.groups, () => [state.groups ? groups(state.groups) : make("p", null, "No scenario was sent to all.")]);
  if (view === "screen") {
    const one = state.opened.find((each) => each.name === question);
    return draw("opened", one ?? null, () => (one ? [spread(one, true)] : [make("p", null, "Closed. Open it on the board.")]));
  }
  if (view !== "board") return;
  const people = state.seats.reduce((sum, seat) => sum + seat.people, 0);
  const here = state.seats.filter((seat) => seat.here).length;
  draw("who", [people, here, state.seats.length], () => [`Seats: ${state.seats.length}, with ${people} people. Connected now: ${here}.`]);
  draw("seats", state.seats, () => state.seats.map((seat) => make("li", { class: seat.here ? "here" : "away" },
    `${seat.name}${seat.people > 1 ? ` (${seat.people} people)` : ""}: ${seat.answered} answered${seat.handed ? ", handed in" : ""}${seat.here ? "" : ", not connected"}`)));
  draw("progress", state.progress, () => state.progress.map((one) => make("li", null,
    `${one.title}${one.graded ? " (graded)" : ""}: ${one.seats} seats have begun, on average with ${one.mean} of ${one.of} questions`)));
  const closed = new Set(state.closed);
  for (const box of document.querySelectorAll("[data-page]")) box.checked = !closed.has(box.dataset.page);
  for (const list of document.querySelectorAll("[data-until]")) {
    const until = state.until[list.dataset.until];
    if (list !== document.activeElement) list.value = until ? String(until - 1) : "";
  }
  const open = new Set(state.opened.map((one) => one.name));
  const line = (one) => make("li", null, `${one.title} (${one.page}): ${one.answered} answered`, one.split === null ? "" : `, ${Math.round(100 * one.split)}% split `, " ",
    make("button", { "data-key": `show ${one.name}`, "aria-label": `${open.has(one.name) ? "Close" : "Open"}: ${one.title}`,
      onclick: () => act({ do: open.has(one.name) ? "hide" : "show", question: one.name }) }, open.has(one.name) ? "Close" : "Open"));
  draw("questions", [state.questions.slice(0, FIRST), [...open]], () => (state.questions.length ? state.questions.slice(0, FIRST).map(line)
    : [make("li", null, "Nobody has answered yet.")]));
  draw("other-questions", [state.questions.slice(FIRST), [...open]], () => state.questions.slice(FIRST).map(line));
  draw("opened", state.opened, () => state.opened.map((one) => make("article", null, spread(one, false),
    make("p", null, make("a", { href: `/screen/${one.name}`, target: "_blank" }, "Show it on the wall"), " ",
      make("button", { "data-key": `hide ${one.name}`, onclick: () => act({ do: "hide", question: one.name }) }, "Close")))));
  byId("groups-part").hidden = !state.groups;
  draw("groups", state.groups, () => (state.groups ? [groups(state.groups)] : []));
  draw("statements", state.statements, () => state.statements.length ? statements(state.statements) : [make("p", null, "Nothing yet.")]);
}

function spread(one, large) {
  const section = make("section", { class: "spread" }, make(large ? "h1" : "h3", null, one.title), make("p", null, `${one.answered} answered`));
  if (!one.few && one.shown !== one.answered) section.append(make("p", { class: "help" }, `${one.shown} of them are in this picture. It moves when five more are new or changed.`));
  if (one.few) section.append(make("p", null, "Fewer than five have answered: this is not broken down."));
  else if (!one.lines.length) section.append(make("p", null, "Answered in words or numbers: ask who wants to read theirs aloud."));
  const labels = JSON.stringify(one.lines[0]?.[1].map(([label]) => label));
  if (one.lines.length > 1 && one.lines.every(([, parts]) => JSON.stringify(parts.map(([label]) => label)) === labels)) {
    section.append(grid(one.lines));
    return section;
  }
  for (const [words, parts] of one.lines) {
    const whole = Math.max(1, parts.reduce((sum, [, number]) => sum + number, 0));
    section.append(make("table", null, words ? make("caption", null, words) : "", make("tbody", null, ...parts.map(([label, number]) => {
      const bar = make("meter", { min: 0, max: whole, value: number, "aria-hidden": "true" });
      return make("tr", null, make("th", { scope: "row" }, label), make("td", { class: "n" }, String(number)), make("td", null, bar));
    }))));
  }
  return section;
}

// Lines that were all put into the same boxes: one table, the box that most chose in bold.
function grid(lines) {
  return make("div", { class: "scrolling", tabindex: "0" }, make("table", { class: "grid" },
    make("thead", null, make("tr", null, make("td"), ...lines[0][1].map(([label]) => make("th", { scope: "col" }, label)))),
    make("tbody", null, ...lines.map(([words, parts]) => {
      const most = Math.max(...parts.map(([, number]) => number));
      return make("tr", null, make("th", { scope: "row" }, words),
        ...parts.map(([, number]) => make("td", { class: "n" }, number === most ? make("b", null, String(number)) : String(number))));
    }))));
}

function groups(all) {
  return make("div", { class: "scrolling", tabindex: "0" }, make("table", null, make("caption", null, all.title),
    make("thead", null, make("tr", null, ...["Group", "Where", ...all.gauges].map((words) => make("th", { scope: "col" }, words)))),
    make("tbody", null, ...all.rows.map((row) => make("tr", null, make("th", { scope: "row" }, row.name),
      make("td", null, `${row.over ? "Ended: " : ""}${row.where}`), ...row.gauges.map((value) => make("td", { class: "n" }, String(value))))))));
}

function statements(all) {
  const number = new Map(all.map((one, place) => [one.id, place + 1]));
  return all.map((one) => {
    const change = (values) => act({ do: "statement", id: one.id, ...values });
    const others = all.filter((other) => other.heading === one.heading && other.id !== one.id && !other.merged_into && !other.left_out);
    const words = make("textarea", { rows: 2, maxlength: 600, "aria-label": `Words of statement ${number.get(one.id)}`,
      onchange: (event) => change({ words: event.target.value }) });
    words.value = one.words;
    const merge = make("select", { "aria-label": `Statement ${number.get(one.id)} says the same as`, onchange: (event) => {
      event.target.blur();
      change({ merged_into: event.target.value ? Number(event.target.value) : null });
    } }, make("option", { value: "" }, "says the same as …"), ...others.map((other) => make("option", { value: other.id, selected: other.id === one.merged_into },
      `${number.get(other.id)}. ${other.words.slice(0, 60)}`)));
    return make("article", { class: one.left_out ? "left-out" : "" },
      make("p", null, make("b", null, `${number.get(one.id)}. `), `${one.heading}, ${one.relation}${one.about ? ` ${one.about}` : ""}`,
        one.merged_into ? `, counted with ${number.get(one.merged_into)}` : "", one.left_out ? ", taken out" : ""),
      words,
      make("p", null, make("label", null, make("input", { type: "checkbox", checked: one.shared, "data-key": `shared ${one.id}`,
        onchange: (event) => change({ shared: event.target.checked }) }), " the room shares this"), " ", merge, " ",
      make("button", { "data-key": `out ${one.id}`, onclick: () => change({ left_out: !one.left_out }) }, one.left_out ? "Bring back" : "Take out")));
  });
}

function tick() {
  const place = byId("left");
  if (!place) return;
  const left = ends === null ? null : Math.max(0, Math.round((ends - Date.now()) / 1000));
  place.textContent = left === null ? "" : left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "The time is up.";
}

const ACTS = {
  words: () => ({ words: byId("words").value }),
  silent: () => ({ do: "words", words: "Silent writing first: everybody answers alone, then we talk." }),
  quiet: () => ({ do: "words", words: "" }),
  timer: () => ({ minutes: Number(byId("minutes").value) }),
  stop: () => ({ do: "timer", minutes: 0 }),
  send: () => { const [page, card] = byId("play").value.split(" "); return { page, card }; },
  unsend: () => ({ do: "send" }),
  ask: () => ({ heading: byId("ask").value }),
  unask: () => ({ do: "ask" }),
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button) return;
  if (button.dataset.do === "leave-out") {
    await act({ do: "statement", id: Number(button.dataset.id), left_out: true });
    location.reload();
  } else act({ do: button.dataset.do, ...ACTS[button.dataset.do]() });
});
document.addEventListener("change", async (event) => {
  if (event.target.dataset.page) act({ do: event.target.checked ? "open" : "close", page: event.target.dataset.page });
  if (event.target.dataset.until) act({ do: "until", page: event.target.dataset.until, section: event.target.value ? Number(event.target.value) : null });
  if (event.target.id === "names") {
    await act({ do: "names", names: event.target.checked });
    location.reload();
  }
});

setInterval(tick, 500);
for (; view !== "record";) {
  try {
    const reply = await fetch("/api/board");
    if (reply.ok) {
      say("");
      show(await reply.json());
    } else say("The board is closed for this browser. Open the board's own address again.");
  } catch {
    say("The room does not answer. Is the program still running?");
  }
  await sleep(LOOK);
}
