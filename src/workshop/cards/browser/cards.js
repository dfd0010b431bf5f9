/*
 * What a participant reads, answers and clicks on: questions, scenarios, the hand-in, figures.
 *
 * `mount(el, host)` shows one of them and knows nothing of Jupyter. The host gives `view()`, takes
 * `send(request)`, and calls back through `onView(callback)`, which returns a way to stop listening.
 * A host that `keeps` what it was given until it has arrived is never asked to send it twice; while it
 * `waits()` for the line the card says so.
 * The default export is the same thing for a notebook (anywidget). Nothing is judged here: what is
 * right, and what happens next, comes from Python with the view.
 */

const TEXTS = {
  unknown: "This part of the page cannot be shown: its kind is not known here. Ask for a newer copy of the workshop.",
  new_tab: "opens in a new tab",

  unanswered: "Not answered yet.",
  saving: "Saving…",
  waiting: "Not saved yet: it waits here until there is a connection.",
  saved: "Saved.",
  saved_graded: "Saved. You can change it until you hand in.",
  lost: "Not saved yet: the page has lost its engine. Press ‘Start this page’ at the top; your earlier answers are kept.",
  try_again: "Try again",

  point: "{n} point",
  points: "{n} points",
  points_of: "{n} of {of} points",
  choose_one: "Choose one.",
  choose_all: "Choose all that fit. There may be one or several.",
  choose_rows: "Choose one answer for each line.",
  choose_ticks: "Tick what fits in each line. A line may have several ticks, or none.",
  put_in_order: "Put the lines in order, with the first at the top.",
  choose: "Choose…",
  your_answer: "Your answer",
  your_answer_in: "Your answer, in {unit}",
  your_number: "Digits are enough. A comma or a point both work.",

  rank_unanswered: "Not answered yet: move a line, or press ‘This is my order’.",
  rank_confirm: "This is my order",
  rank_confirmed: "This order is your answer.",
  rank_list: "Your order",
  up: "Move up",
  down: "Move down",
  moved: "{line} is now {place} of {of}",

  word: "{n} word",
  words: "{n} words",
  words_of: "{n} of {limit} words",
  words_over: "{n} words, {over} more than the {limit} asked for. Nothing is cut off.",
  words_within: "Within {limit} words again.",

  check: "Check my answer",
  clear: "Clear my answer",
  cleared: "Your answer is cleared.",
  bring_back: "Bring my answer back",
  brought_back: "Your answer is back.",

  outcome_right: "Right",
  outcome_partly: "Partly right",
  outcome_not_right: "Not right yet",
  outcome_not_answered: "Not answered",
  outcome_to_read: "Written",
  option_right: "You chose this, and it is right",
  option_wrong: "You chose this, and it is not right",
  option_missed: "Right, and you did not choose it",
  option_neutral: "You left this out, rightly",
  row_right: "Right",
  row_wrong: "Not right",
  row_empty: "Not answered",
  should: "Right would be:",
  line_right: "A supported place for this line",
  line_wrong: "Another place is better supported",
  best_order: "The best-supported order",
  rubric: "What a reader looks for",
  model: "One good answer, for comparison with yours",

  clock: "Your decisions have taken {used} of {of} {unit}",
  higher_better: "higher is better",
  lower_better: "lower is better",
  gauge_up: "up {n}",
  gauge_down: "down {n}",
  change_better: "better",
  change_worse: "worse",
  decide: "What do you do?",
  do_this: "Do this",
  choose_first: "Choose one of the lines above first.",
  not_possible: "Not possible now.",
  ending: "How it ends",
  trail: "Your path so far",
  before: "Until now: decided before you came",
  later: "later: {later}",
  reason_kept: "Why: {reason}",
  late: "This comes now from an earlier decision, “{choice}”: {effects}",
  side: "This decision belongs to: {side}.",

  reason_alone: "Why this? (You can leave it open.)",
  reason_group: "Why this? Write down your reason in a line or two.",
  reason_first: "Write a few words on why you choose this. If you would rather not, press ‘Do this’ once more.",

  playing_alone: "You play alone. Change this",
  playing_group: "You play as a group of {people}. Roles and timer",
  how: "How do you play?",
  alone: "Alone",
  as_group: "As a group around one screen",
  people: "How many people",
  person: "Person {n}: {roles}",
  deal: "Deal the roles again",
  print_cards: "Make a page of the cards to print",
  cards_help: "Each person opens only their own card while the others look away. A card is an office, not a character: nobody has to act.",
  swapped: "You have changed sides: these are your new cards.",
  swapping: "Now the two sides change places. Open the roles above, and read your new card before you go on.",
  minutes: "Minutes for each decision",
  no_timer: "no timer",
  timer: "Timer for this decision",
  timer_start: "Start the timer",
  timer_stop: "Stop the timer",
  timer_again: "Set it back",
  timer_minute: "One minute left.",
  timer_up: "The time is up. Take what you need: nothing is decided for you.",

  looking_back: "Looking back",
  draw: "Show the gauges over time",
  take_home: "Take this play home",
  written: "Written into the folder of this page, to open and print:",
  plays: "Plays that you finished: {n}",
  play: "Play {number}",
  play_alone: "alone",
  play_people: "{people} people",
  this_play: "this play",
  replay: "Look at it step by step",
  compare: "Put it beside this play",
  stop_comparing: "Take it away again",
  decision: "Decision",
  present: "This play",
  not_there: "Not on this path",
  comparison: "This play and play {n}, decision by decision",
  replaying: "You are looking at play {number}: step {step} of {of}. Nothing is changed.",
  chosen_here: "Here was chosen:",
  replay_next: "Next step",
  replay_back: "One step back",
  replay_leave: "Leave this play",
  trail_scene: "{scene}:",
  back: "Step back",
  restart: "Start again",
  restart_ask: "Start again from the beginning? An unfinished path and its reasons are then forgotten. Finished plays stay.",
  restart_yes: "Yes, start again",
  restart_no: "No, go on here",

  hand_in_title: "Hand in",
  code: "Your code name",
  code_help: "Any word or two that you will remember, for instance “blue-heron”. Please do not use your own name: "
    + "your answers travel under this code name only.",
  code_missing: "Write a code name first.",
  answered_all: "All {of} questions are answered.",
  answered_some: "{answered} of {of} questions are answered. You can hand in now and again later.",
  missing: "Not answered yet",
  hand_in: "Hand in",
  hand_in_again: "Hand in again",
  handed_in: "Your answers are in this file:",
  hand_in_changes: "You can still change answers and hand in again; the newest file counts.",
  table: "Show the figures as a table",

  canvas_name: "Name of this architecture",
  load: "Load: {title}",
  load_empty: "Begin with an empty sheet",
  load_help: "Loading puts something else on the canvas. What you drew yourself is kept, and you can bring it back.",
  kept: "Bring back what I had drawn",
  loaded: "Loaded.",
  offices: "Offices",
  offices_help: "Open a line to change it. Name offices and not persons. Your own terms are welcome.",
  add_office: "Add an office",
  office: "Name of the office",
  office_new: "New office",
  sector: "Kind of office",
  level: "Level",
  role: "Role",
  does: "What it does",
  passes_to: "A warning that reaches it goes on to",
  passes_nobody: "nobody yet",
  passes_decides: "no further: it decides and answers",
  passes_on: "to {office}",
  days: "Days it has to pass it on or to answer",
  no_function: "no function yet",
  remove: "Remove",
  remove_named: "Remove: {name}",
  removed: "Removed: {name}.",
  bring_line_back: "Bring back: {name}",
  line_is_back: "Brought back: {name}.",
  full: "A canvas holds {most} offices.",
  frame: "Law, people and money",
  representative: "Which office stands for it in networks?",
  representative_none: "not chosen yet",
  law: "What does it rest on?",
  staff: "Who works for it?",
  money: "Where does its money come from?",
  review: "When is it reviewed?",
  review_help: "A month or a day, for instance 2028-06.",
  mandate: "The mandate",
  mandate_count: "{n} of {of} questions answered",
  mandate_help: "A short sentence for each is enough. Leave open what is open.",
  still_open: "still under discussion",
  is_open: "open",
  is_answered: "answered",
  analysis: "What can be seen in it",
  map: "Who does what, on which level",
  map_function: "Function",
  nobody: "nobody",

  steps: "Steps",
  step_new: "New step",
  add_step: "Add a step of your own",
  suggestions: "Suggested by your architecture: {n}",
  suggestions_none: "Your architecture leaves nothing open that we could suggest. Add steps of your own.",
  take_over: "Take over",
  take_over_named: "Take over: {step}",
  taken: "Taken over as step {n}.",
  making: "Making the papers. This can take half a minute the first time.",
  papers_ready: "Made:",
};

const PATIENCE = 6000;
const PAPERS_TAKE = 90_000;
const SLOW = 400;
const TYPING_PAUSE = 500;
const CALM = 400;
const CUT_OFF = 28;

const SYMBOLS = {
  right: "✓", wrong: "✗", missed: "○", neutral: "–", empty: "–",
  partly: "◐", not_right: "✗", not_answered: "–", to_read: "✎",
};

/* ---- Elements and texts ---- */

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function button(text, onclick, attributes) {
  return make("button", { type: "button", class: "act", onclick, ...attributes }, text);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

function counted(t, one, many, n) {
  return fill(n === 1 ? t[one] : t[many], { n });
}

function sentence(...parts) {
  return parts.filter(Boolean).join(", ");
}

const TREE_TAGS = new Set(["p", "strong", "em", "code", "a", "ul", "ol", "li", "blockquote", "table", "thead", "tbody",
  "tr", "th", "td", "br", "h2", "h3", "h4", "h5", "h6", "pre"]);

// Trees are the only way in for authors' and participants' words: a tag outside the list loses its
// tag and keeps its words, and no attribute passes but a checked address.
function grow(tree, t) {
  const grown = document.createDocumentFragment();
  for (const node of Array.isArray(tree) ? tree : []) grown.append(branch(node, t));
  return grown;
}

function branch(node, t) {
  if (!Array.isArray(node)) return document.createTextNode(node === null || typeof node === "object" ? "" : String(node));
  const [tag, attributes, ...children] = node;
  const inside = grow(children, t);
  if (!TREE_TAGS.has(tag)) return inside;
  if (tag === "a") return link(attributes?.href, inside, t);
  const element = make(tag, tag === "th" ? { scope: "col" } : null, inside);
  return tag === "table" ? scrolling(element) : element;
}

function link(href, inside, t) {
  const address = typeof href === "string" ? href : "";
  if (address.startsWith("#")) return make("a", { href: address }, inside);
  if (!/^https?:\/\//i.test(address)) return inside;
  return make("a", { href: address, target: "_blank", rel: "noopener" }, inside,
    make("span", { class: "unseen" }, ` (${t.new_tab})`));
}

// A wide table scrolls in its own box, never the page; the box takes focus so that keys can scroll it.
function scrolling(table) {
  return make("div", { class: "scrolling", tabindex: "0" }, table);
}

function wordsOf(tree) {
  const one = (node) => (Array.isArray(node) ? wordsOf(node.slice(2)) : typeof node === "object" ? "" : String(node));
  return (Array.isArray(tree) ? tree.map(one).join("") : "").trim();
}

let mounted = 0;

function tools(root, view) {
  mounted += 1;
  // Each notebook card loads this module anew, so a counter alone would repeat itself.
  const prefix = `card-${Math.random().toString(36).slice(2, 8)}-${mounted}`;
  const t = { ...TEXTS, ...view.strings };
  const region = make("p", { class: "unseen", role: "status" });
  root.append(region);
  let soon;
  let drawn = 0;
  return {
    t,
    id: (name) => `${prefix}-${name}`,
    fresh: (name) => `${prefix}-${name}-${drawn += 1}`,
    // An emptied region makes a screen reader read the same words a second time.
    say(text) {
      clearTimeout(soon);
      region.textContent = "";
      soon = setTimeout(() => { region.textContent = text; }, 80);
    },
  };
}

/* ---- Requests and their way to Python ---- */

// Jupyter merges changes that meet a busy engine, and an answer would be lost between two of them:
// therefore one request at a time, the next one after the view that acknowledges it. `heard` in a view
// is the last request that Python dealt with, `saved` the last one that is safe.
function courier(host, changed) {
  let waiting = [];
  let flying = null;
  let failed = null;
  let lost = false;
  let slow = false;
  let last = 0;
  let timers = [];
  const lasting = (request) => ["answer", "clear", "code", "reason"].includes(request.do);

  function next() {
    if (flying || waiting.length === 0) return;
    const view = host.view() ?? {};
    last = Math.max(last, view.heard ?? 0, view.saved ?? 0, host.sent?.() ?? 0) + 1;
    flying = { ...waiting.shift(), n: last };
    timers = [setTimeout(() => { slow = true; changed(); }, SLOW)];
    if (!host.keeps) timers.push(setTimeout(giveUp, flying.do === "papers" ? PAPERS_TAKE : PATIENCE));
    try {
      host.send(flying);
    } catch (error) {
      console.error(error);
      giveUp();
    }
  }

  function giveUp() {
    lost = true;
    changed();
  }

  function rest() {
    timers.forEach(clearTimeout);
    flying = null;
    slow = false;
  }

  // A decision or a check is not repeated unasked: nobody should find that a step was taken twice.
  function again() {
    if (flying && lasting(flying) && !waiting.some(lasting)) waiting.unshift(flying);
    rest();
    next();
  }

  function twice(request) {
    return !lost && !lasting(request) && request.do !== "group" && flying?.do === request.do && waiting.length === 0;
  }

  return {
    send(request) {
      if (twice(request)) return;
      if (lasting(request)) waiting = waiting.filter((other) => !lasting(other) && other.do !== "check");
      else if (failed) waiting.unshift(failed);
      failed = null;
      waiting.push(request);
      if (lost) again();
      else next();
      changed();
    },
    retry() {
      if (flying ?? failed) waiting.unshift(flying ?? failed);
      failed = null;
      rest();
      next();
      changed();
    },
    // Before the page goes away there is no time for taking turns.
    hurry() {
      if (waiting.length) again();
    },
    arrived(view) {
      if (flying && (view.heard ?? view.saved ?? 0) >= flying.n) {
        const done = flying;
        rest();
        lost = false;
        if ((view.saved ?? 0) < done.n && lasting(done) && !waiting.some(lasting)) failed = done;
        next();
        return done;
      }
      if (flying && lost) {
        lost = false;
        again();
      }
      return null;
    },
    state() {
      if (lost) return "lost";
      if (flying?.do === "papers") return "making";
      if (flying && host.waits?.()) return "waiting";
      if (flying) return slow ? "saving" : "quick";
      return failed ? "failed" : "still";
    },
    busy: () => flying !== null && !lost,
    unsaved: () => Boolean(failed || (flying && lasting(flying)) || waiting.some(lasting)),
    close: rest,
  };
}

// Does `act` whenever the page goes out of sight; returns a function that does it a last time and then stops.
function onLeaving(act) {
  const hidden = () => {
    if (document.visibilityState === "hidden") act();
  };
  window.addEventListener("pagehide", act);
  document.addEventListener("visibilitychange", hidden);
  return () => {
    act();
    window.removeEventListener("pagehide", act);
    document.removeEventListener("visibilitychange", hidden);
  };
}

function statusLine(t, line) {
  const words = make("span", { role: "status", tabindex: "-1" });
  const retry = button(t.try_again, line.retry, { hidden: true });
  return {
    node: make("p", { class: "status" }, words, retry),
    show(trouble, calm, open = false) {
      const state = line.state();
      if (state === "quick") return;
      const still = [calm, trouble].filter(Boolean).join(" ");
      const text = { lost: t.lost, saving: t.saving, waiting: t.waiting, making: t.making, failed: trouble || t.lost }[state] ?? still;
      if (words.textContent !== text) words.textContent = text;
      words.classList.toggle("trouble", state === "lost" || state === "waiting" || (!["saving", "making"].includes(state) && Boolean(trouble)));
      words.classList.toggle("open", open && text === calm);
      const offer = state === "lost" || state === "failed";
      if (!offer && retry.matches(":focus")) words.focus();
      retry.hidden = !offer;
    },
  };
}

/* ---- The ways to answer: each gives its node, reads and writes a value, and shows marks ---- */

function note(kit) {
  const node = make("div", { class: "note", hidden: true, id: kit.fresh("note") });
  return {
    node,
    show(mark, text, ...more) {
      node.className = `note ${mark ?? ""}`;
      node.hidden = !mark;
      node.replaceChildren();
      if (mark) node.append(make("p", { class: "mark" }, symbol(mark), make("strong", null, text)), ...more);
    },
  };
}

function symbol(mark) {
  return make("span", { class: "symbol", "aria-hidden": "true" }, SYMBOLS[mark] ?? "");
}

function describe(control, ...notes) {
  const shown = notes.filter((each) => !each.node.hidden).map((each) => each.node.id);
  if (shown.length) control.setAttribute("aria-describedby", shown.join(" "));
  else control.removeAttribute("aria-describedby");
}

function legend(view, kit, hint) {
  return make("legend", null, make("span", { class: "unseen" }, `${view.title ?? ""} `), hint);
}

// A reason that is bare words needs a paragraph around it to stand under a mark.
function reason(tree, t) {
  return make("div", { class: "reason" }, grow(tree, t));
}

function choices(view, kit) {
  const { t } = kit;
  const several = view.kind === "multiple";
  const lines = (view.options ?? []).map((option) => {
    const box = make("input", {
      type: several ? "checkbox" : "radio", name: kit.id("choice"), value: option.id, onchange: kit.changed,
    });
    const mark = note(kit);
    const label = make("label", { class: "option" }, box, make("span", null, grow(option.text, t)));
    return { id: option.id, box, mark, node: make("div", { class: "line" }, label, mark.node) };
  });
  return {
    node: make("fieldset", { "aria-describedby": kit.prompt },
      legend(view, kit, several ? t.choose_all : t.choose_one), ...lines.map((line) => line.node)),
    read() {
      const chosen = lines.filter((line) => line.box.checked).map((line) => line.id);
      return chosen.length === 0 ? null : several ? chosen : chosen[0];
    },
    write(value) {
      for (const line of lines) line.box.checked = [value].flat().includes(line.id);
    },
    mark(result) {
      for (const line of lines) {
        const found = result?.options?.[line.id];
        line.mark.show(found?.mark, t[`option_${found?.mark}`], reason(found?.reason, t));
        describe(line.box, line.mark);
      }
    },
  };
}

function rank(view, kit) {
  const { t } = kit;
  const first = (view.options ?? []).map((option) => option.id);
  let answered = false;

  const lines = new Map((view.options ?? []).map((option) => [option.id, rankLine(option)]));
  const list = make("ol", { class: "rank", "aria-label": t.rank_list, tabindex: "-1" });
  const notice = make("p", { class: "notice" }, `${t.rank_unanswered} `, button(t.rank_confirm, confirm));

  function rankLine(option) {
    const words = wordsOf(option.text);
    const up = button(t.up, () => move(line, -1), { "aria-label": `${t.up}: ${words}` });
    const down = button(t.down, () => move(line, 1), { "aria-label": `${t.down}: ${words}` });
    const mark = note(kit);
    const line = { id: option.id, words, up, down, mark };
    line.node = make("li", { class: "line" },
      make("div", { class: "ranked" }, make("span", { class: "words" }, grow(option.text, t)),
        make("span", { class: "moves" }, up, down)),
      mark.node);
    return line;
  }

  const order = () => [...list.children].map((node) => [...lines.values()].find((line) => line.node === node));

  // The neighbour moves, so that the line keeps its focus.
  function move(line, by) {
    if (by < 0) line.node.after(line.node.previousElementSibling);
    else line.node.before(line.node.nextElementSibling);
    answered = true;
    dress();
    kit.say(fill(t.moved, { line: line.words, place: order().indexOf(line) + 1, of: lines.size }));
    kit.changed();
  }

  function confirm() {
    answered = true;
    list.focus();
    dress();
    kit.say(t.rank_confirmed);
    kit.changed();
  }

  function dress() {
    notice.hidden = answered;
    const now = order();
    now.forEach((line, place) => {
      block(line.up, place === 0, line.down);
      block(line.down, place === now.length - 1, line.up);
    });
  }

  // A focused button that becomes disabled would drop the focus to the top of the page.
  function block(one, blocked, other) {
    const focused = one.matches(":focus");
    if (blocked && focused) other.disabled = false;
    if (blocked && focused) other.focus();
    one.disabled = blocked;
  }

  function write(value) {
    answered = Array.isArray(value);
    const wanted = answered ? value.filter((id) => lines.has(id)) : first;
    list.append(...[...wanted, ...first.filter((id) => !wanted.includes(id))].map((id) => lines.get(id).node));
    dress();
  }

  write(null);
  return {
    node: make("fieldset", { "aria-describedby": kit.prompt }, legend(view, kit, t.put_in_order), list, notice),
    // The notice above says it already.
    unanswered: "",
    read: () => (answered ? order().map((line) => line.id) : null),
    write,
    mark(result) {
      for (const line of lines.values()) {
        const found = result?.rows?.[line.id];
        line.mark.show(found?.mark, t[`line_${found?.mark}`]);
      }
    },
  };
}

function rowMark(mark, found, t) {
  const should = found && found.mark !== "right" && found.should?.length
    ? make("p", { class: "should" }, `${t.should} `, grow(found.should, t)) : "";
  mark.show(found?.mark, t[`row_${found?.mark}`], should, reason(found?.reason, t));
}

function rowLabels(view) {
  if (!view.row_label && !view.column_label) return "";
  return make("p", { class: "labels", "aria-hidden": "true" },
    make("span", null, view.row_label ?? ""), make("span", null, view.column_label ?? ""));
}

function match(view, kit) {
  const { t } = kit;
  const lines = (view.rows ?? []).map((row, index) => {
    const id = kit.id(`row-${index}`);
    const list = make("select", { id, onchange: chosen }, make("option", { value: "" }, t.choose),
      ...(view.columns ?? []).map((column) => make("option", { value: column.id }, wordsOf(column.text))));
    const whole = make("p", { class: "help whole", "aria-hidden": "true" });
    const mark = note(kit);
    const label = make("label", { for: id }, grow(row.text, t));
    const node = make("div", { class: "line pair" }, label, make("div", null, list, whole), mark.node);
    return { id: row.id, list, whole, mark, node };
  });

  function chosen() {
    lines.forEach(spellOut);
    kit.changed();
  }

  // A closed list cuts a long text off.
  function spellOut(line) {
    const words = line.list.value ? line.list.selectedOptions[0].text : "";
    line.whole.textContent = words;
    line.whole.hidden = words.length <= CUT_OFF;
  }

  lines.forEach(spellOut);
  return {
    node: make("fieldset", { "aria-describedby": kit.prompt },
      legend(view, kit, t.choose_rows), rowLabels(view), ...lines.map((line) => line.node)),
    read() {
      const chosen = lines.filter((line) => line.list.value).map((line) => [line.id, line.list.value]);
      return chosen.length ? Object.fromEntries(chosen) : null;
    },
    write(value) {
      for (const line of lines) line.list.value = value?.[line.id] ?? "";
      lines.forEach(spellOut);
    },
    mark(result) {
      for (const line of lines) {
        rowMark(line.mark, result?.rows?.[line.id], t);
        describe(line.list, line.mark);
      }
    },
  };
}

function classify(view, kit) {
  const { t } = kit;
  const lines = (view.rows ?? []).map((row, index) => {
    const boxes = (view.columns ?? []).map((column) => make("input", {
      type: "radio", name: kit.id(`row-${index}`), value: column.id, onchange: kit.changed,
    }));
    const labels = (view.columns ?? []).map((column, place) => make("label", { class: "option" },
      boxes[place], make("span", null, grow(column.text, t))));
    const mark = note(kit);
    const node = make("fieldset", { class: "line" }, make("legend", null, grow(row.text, t)),
      make("div", { class: "classes" }, ...labels), mark.node);
    return { id: row.id, boxes, mark, node };
  });
  return {
    node: make("fieldset", { "aria-describedby": kit.prompt },
      legend(view, kit, t.choose_rows), ...lines.map((line) => line.node)),
    read() {
      const chosen = lines.map((line) => [line.id, line.boxes.find((box) => box.checked)?.value]);
      const some = chosen.filter(([, value]) => value);
      return some.length ? Object.fromEntries(some) : null;
    },
    write(value) {
      for (const line of lines) for (const box of line.boxes) box.checked = box.value === value?.[line.id];
    },
    mark(result) {
      for (const line of lines) {
        rowMark(line.mark, result?.rows?.[line.id], t);
        describe(line.node, line.mark);
      }
    },
  };
}

// The roles repeat what a table says by itself, because on a phone the style sheet stacks it, and
// browsers then forget that it is one.
function map(view, kit) {
  const { t } = kit;
  const columns = view.columns ?? [];
  const lines = (view.rows ?? []).map((row) => {
    const mark = note(kit);
    const boxes = columns.map((column) => make("input", {
      type: "checkbox", value: column.id, onchange: kit.changed,
      "aria-label": `${wordsOf(row.text)}: ${wordsOf(column.text)}`,
    }));
    const cells = columns.map((column, place) => make("td", { role: "cell" },
      make("label", { class: "option" }, boxes[place], make("span", null, grow(column.text, t)))));
    const node = make("tr", { role: "row", class: "line" },
      make("th", { scope: "row", role: "rowheader" }, grow(row.text, t)), ...cells);
    const under = make("tr", { role: "row", class: "under", hidden: true },
      make("td", { role: "cell", colspan: columns.length + 1 }, mark.node));
    return { id: row.id, boxes, mark, node, under };
  });
  const heads = [view.row_label ?? "", ...columns.map((column) => wordsOf(column.text))];
  const table = make("table", { role: "table", class: "map" },
    make("caption", null, make("span", { class: "unseen" }, `${view.title ?? ""} `), t.choose_ticks),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" },
      ...heads.map((head) => make("th", { scope: "col", role: "columnheader" }, head)))),
    make("tbody", { role: "rowgroup" }, ...lines.flatMap((line) => [line.node, line.under])));
  return {
    node: make("div", { role: "group", "aria-labelledby": kit.title, "aria-describedby": kit.prompt }, table),
    read() {
      const ticked = lines.map((line) => [line.id, line.boxes.filter((box) => box.checked).map((box) => box.value)]);
      const some = ticked.filter(([, ticks]) => ticks.length);
      return some.length ? Object.fromEntries(some) : null;
    },
    write(value) {
      for (const line of lines) for (const box of line.boxes) box.checked = (value?.[line.id] ?? []).includes(box.value);
    },
    mark(result) {
      for (const line of lines) {
        rowMark(line.mark, result?.rows?.[line.id], t);
        line.under.hidden = line.mark.node.hidden;
        for (const box of line.boxes) describe(box, line.mark);
      }
    },
  };
}

function number(view, kit) {
  const { t } = kit;
  const id = kit.id("number");
  const help = make("p", { class: "help", id: kit.id("help") }, t.your_number);
  const field = make("input", {
    id, type: "text", inputmode: "decimal", autocomplete: "off", class: "field short",
    "aria-describedby": `${kit.title} ${kit.prompt} ${help.id}`,
    oninput: kit.typed, onblur: kit.settle,
    onkeydown: (event) => { if (event.key === "Enter") kit.enter(); },
  });
  const label = view.unit ? fill(t.your_answer_in, { unit: view.unit }) : t.your_answer;
  return {
    node: make("div", null, make("label", { class: "over", for: id }, label), field, help),
    read: () => field.value.trim() || null,
    write(value) { field.value = value ?? ""; },
    mark() {},
  };
}

function write(view, kit) {
  const { t } = kit;
  const id = kit.id("text");
  const limit = view.words;
  const count = make("p", { class: "help", id: kit.id("count") });
  const field = make("textarea", {
    id, rows: "7", class: "field", "aria-describedby": `${kit.title} ${kit.prompt} ${count.id}`,
    oninput: typed, onblur: kit.settle,
  });
  let over = false;

  function typed() {
    recount(true);
    kit.typed();
  }

  // The count stands there to be read; it is spoken only where it starts or stops to matter.
  function recount(aloud) {
    const n = field.value.split(/\s+/).filter(Boolean).length;
    const beyond = Boolean(limit) && n > limit;
    count.textContent = beyond ? fill(t.words_over, { n, limit, over: n - limit })
      : limit ? fill(t.words_of, { n, limit }) : counted(t, "word", "words", n);
    if (aloud && beyond !== over) kit.say(beyond ? count.textContent : fill(t.words_within, { limit }));
    over = beyond;
  }

  recount(false);
  return {
    node: make("div", null, make("label", { class: "over", for: id }, t.your_answer), field, count),
    read: () => field.value.trim() || null,
    write(value) {
      field.value = value ?? "";
      recount(false);
    },
    mark() {},
  };
}

const WAYS = { single: choices, multiple: choices, rank, match, classify, map, number, write };

/* ---- A question ---- */

// Words that did not reach the engine outlive their card: pressing ‘Start this page’ makes a new
// card for the same question, and each card has its own copy of this module.
const unsaved = (globalThis[Symbol.for("workshop.unsaved")] ??= new Map());

function likeness(view) {
  const { answer, saved, heard, trouble, result, ...rest } = view;
  return JSON.stringify(rest);
}

// The same answer may come back sorted or trimmed; only a different one is worth touching the inputs.
function canonical(value, kind) {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value)) return JSON.stringify(kind === "rank" ? value : [...value].sort());
  if (value === null || typeof value !== "object") return "";
  const lines = Object.entries(value).map(([row, chosen]) => [row, canonical(chosen)]);
  return JSON.stringify(lines.filter(([, chosen]) => chosen && chosen !== "[]").sort());
}

function question(root, view, line) {
  if (!WAYS[view.kind]) return unknown(root, view);
  const key = likeness(view);
  const kit = { ...tools(root, view), changed, typed, settle, enter };
  const { t } = kit;
  kit.title = kit.id("title");
  kit.prompt = kit.id("prompt");
  let now = view;
  let typing = null;
  let erased = null;

  const input = WAYS[view.kind](view, kit);
  const check = view.graded ? null : button(t.check, checked, { class: "act main" });
  const clear = button(t.clear, cleared);
  const status = statusLine(t, line);
  const result = resultPanel(view, kit, input);

  root.setAttribute("aria-labelledby", kit.title);
  root.append(
    make("h3", { id: kit.title }, view.title ?? ""),
    view.points ? make("p", { class: "points" }, counted(t, "point", "points", view.points)) : "",
    make("div", { class: "prompt", id: kit.prompt }, grow(view.prompt, t)),
    input.node,
    make("div", { class: "actions" }, ...[check, clear].filter(Boolean)),
    status.node, result.node);

  function changed() {
    erased = null;
    result.show(null);
    send();
  }

  function typed() {
    erased = null;
    result.show(null);
    clearTimeout(typing);
    typing = setTimeout(send, TYPING_PAUSE);
    unsaved.set(key, input.read());
    refresh();
  }

  function settle() {
    if (typing !== null) send();
  }

  function send() {
    clearTimeout(typing);
    typing = null;
    const value = input.read();
    unsaved.set(key, value);
    line.send(value === null ? { do: "clear" } : { do: "answer", value });
    refresh();
  }

  function enter() {
    if (check) checked();
    else settle();
  }

  function checked() {
    settle();
    line.send({ do: "check" });
  }

  function cleared() {
    const back = erased;
    erased = back === null ? input.read() : null;
    input.write(back);
    result.show(null);
    send();
    kit.say(back === null ? t.cleared : t.brought_back);
  }

  const inHand = () => typing !== null || line.unsaved();

  function refresh() {
    const answer = input.read();
    clear.textContent = erased === null ? t.clear : t.bring_back;
    clear.hidden = answer === null && erased === null;
    const calm = answer === null ? input.unanswered ?? t.unanswered : view.graded ? t.saved_graded : t.saved;
    status.show(now.trouble, calm, Boolean(calm) && answer === null);
  }

  function update(next, done) {
    now = next;
    if (!inHand()) {
      const mine = done && done.do !== "check";
      if (mine) unsaved.delete(key);
      if (!mine && canonical(next.answer, view.kind) !== canonical(input.read(), view.kind)) adopt(next.answer);
      result.show(next.result);
    }
    if (done?.do === "check" && next.result) kit.say(result.words());
    refresh();
  }

  function adopt(answer) {
    erased = null;
    input.write(answer);
  }

  const leave = onLeaving(() => {
    settle();
    line.hurry();
  });

  input.write(view.answer);
  result.show(view.result);
  if (unsaved.has(key) && canonical(unsaved.get(key), view.kind) !== canonical(view.answer, view.kind)) {
    input.write(unsaved.get(key));
    changed();
  }
  refresh();

  return {
    update,
    refresh,
    leave,
  };
}

function resultPanel(view, kit, input) {
  const { t } = kit;
  const node = make("div", { class: "result", hidden: true });
  let shown = "null";
  let headline = "";

  function show(result) {
    const text = JSON.stringify(result ?? null);
    if (text === shown) return;
    shown = text;
    input.mark(result);
    node.hidden = !result;
    node.className = `result ${result?.outcome ?? ""}`;
    node.replaceChildren();
    headline = result ? result.headline || t[`outcome_${result.outcome}`] || "" : "";
    if (result) node.append(...parts(result).filter(Boolean));
  }

  function parts(result) {
    const scored = typeof result.points === "number" && typeof result.of === "number";
    return [
      make("p", { class: "headline" }, symbol(result.outcome), make("strong", null, headline)),
      scored ? make("p", null, fill(t.points_of, { n: result.points, of: result.of })) : "",
      result.reason?.length ? reason(result.reason, t) : "",
      view.kind === "rank" && result.order?.length ? bestOrder(result) : "",
      result.rubric?.length ? heading(t.rubric) : "",
      result.rubric?.length ? make("ul", null, ...result.rubric.map((line) => make("li", null, grow(line, t)))) : "",
      result.model?.length ? heading(t.model) : "",
      result.model?.length ? make("blockquote", null, grow(result.model, t)) : "",
      result.next?.length ? make("div", { class: "next" }, grow(result.next, t)) : "",
    ];
  }

  function heading(text) {
    return make("h4", null, text);
  }

  function bestOrder(result) {
    const text = (id) => (view.options ?? []).find((option) => option.id === id)?.text;
    return make("div", null, heading(t.best_order), make("ol", null, ...result.order.map((id) => make("li", null,
      make("strong", null, grow(text(id), t)), reason(result.rows?.[id]?.reason, t)))));
  }

  return { node, show, words: () => headline };
}

/* ---- A scenario ---- */

function scenario(root, view, line) {
  const kit = tools(root, view);
  const { t } = kit;
  const stage = make("div", { class: "stage" });
  const status = statusLine(t, line);
  let now = view;
  let calm = "";
  let played = "";
  let heading = null;
  let trailOpen = false;
  const people = around(kit, (request) => line.send(request));
  const timer = clockwork(kit);
  const why = reasons(kit, line, () => { calm = ""; refresh(); });
  const back = lookback(kit, ask);
  root.setAttribute("aria-labelledby", kit.id("title"));
  root.append(make("h3", { id: kit.id("title") }, view.title ?? ""), people.node, stage, status.node, back.node);

  // A reason may be on its way while somebody presses the button; the choice then waits for its turn.
  function ask(request) {
    if (!line.busy() || request.do === "choose") line.send(request);
  }

  function build() {
    heading = make("h4", { class: "scene", tabindex: "-1" }, now.ending ? now.ending.title : now.scene?.title ?? "");
    stage.replaceChildren(
      now.round ? make("p", { class: "round" }, now.round) : "",
      make("div", { class: "gauges" }, ...(now.gauges ?? []).map(gauge), clock()),
      ...(now.late ?? []).map((each) => make("p", { class: "late" }, fill(t.late, each))),
      now.brief?.length ? make("div", null, grow(now.brief, t)) : "",
      before(),
      now.group?.on && now.group.swapping ? make("p", { class: "side" }, t.swapping) : "",
      make("div", { class: now.ending ? "ending" : "" },
        now.ending ? make("p", { class: "round" }, t.ending) : "",
        heading, grow(now.ending ? now.ending.text : now.scene?.text, t)),
      now.replay ? looking() : now.ending ? "" : options(),
      trail(), now.replay ? "" : ways());
  }

  function gauge(each, index) {
    const id = kit.id(`gauge-${index}`);
    const change = changeWords(each);
    return make("div", { class: "gauge" },
      make("span", { class: "name" }, make("label", { for: id }, each.label), " ", make("strong", null, String(each.value))),
      make("meter", { id, min: "0", max: "100", value: each.value }, `${each.value}`),
      make("span", { class: "help" }, each.better === "lower" ? t.lower_better : t.higher_better),
      change ? make("span", { class: `change ${isBetter(each) ? "good" : "bad"}` },
        make("span", { "aria-hidden": "true" }, each.change > 0 ? "▲ " : "▼ "), change) : "");
  }

  const isBetter = (each) => (each.change > 0) === (each.better !== "lower");

  function changeWords(each) {
    if (!each.change) return "";
    const way = fill(each.change > 0 ? t.gauge_up : t.gauge_down, { n: Math.abs(each.change) });
    return sentence(way, isBetter(each) ? t.change_better : t.change_worse);
  }

  function clock() {
    if (!now.clock?.of) return "";
    return make("p", { class: "clock" }, fill(t.clock, now.clock));
  }

  function options() {
    const decisions = (now.choices ?? []).filter((choice) => choice.decision);
    const others = (now.choices ?? []).filter((choice) => !choice.decision);
    const side = decisions.length && now.group?.on && now.scene?.side;
    return make("div", { class: "options" }, side ? make("p", { class: "side" }, fill(t.side, { side })) : "",
      decisions.length ? decide(decisions) : "", ...others.map(goOn));
  }

  function decide(decisions) {
    const boxes = decisions.map((choice) => make("input", {
      type: "radio", name: kit.id("decision"), value: choice.id, disabled: choice.possible === false,
      onchange: () => { calm = ""; refresh(); },
    }));
    const lines = decisions.map((choice, index) => make("div", { class: "line" },
      make("label", { class: "option" }, boxes[index], make("span", null, ...choiceWords(choice)))));
    function chosen() {
      const box = boxes.find((each) => each.checked);
      if (box && !why.wanted()) return ask({ do: "choose", choice: box.value, ...why.taken() });
      calm = box ? t.reason_first : t.choose_first;
      return refresh();
    }
    return make("fieldset", null, make("legend", null, t.decide), timer.node, ...lines, why.node,
      make("div", { class: "actions" }, button(t.do_this, chosen, { class: "act main" })));
  }

  function choiceWords(choice) {
    return [
      grow(choice.text, t),
      choice.cost ? make("span", { class: "cost" }, ` ${choice.cost}`) : "",
      choice.possible !== false ? "" : make("span", { class: "why-not" }, ` ${choice.why_not || t.not_possible}`),
    ];
  }

  function goOn(choice) {
    const act = button("", () => ask({ do: "choose", choice: choice.id }), { class: "act main", disabled: choice.possible === false });
    act.append(grow(choice.text, t));
    const why = choice.possible !== false ? "" : make("span", { class: "why-not" }, ` ${choice.why_not || t.not_possible}`);
    return make("p", { class: "go-on" }, act, why);
  }

  function stepLine(step) {
    return make("li", null,
      make("span", null, `${fill(t.trail_scene, step)} `), make("strong", null, step.choice),
      make("span", { class: "help" }, [step.cost, step.effects, step.later && fill(t.later, step)].filter(Boolean).join(" · ")),
      step.reason ? make("span", { class: "kept" }, fill(t.reason_kept, step)) : "");
  }

  function before() {
    if (!now.before?.length) return "";
    return make("div", { class: "before" }, make("p", { class: "over", id: kit.id("before") }, t.before),
      make("ol", { "aria-labelledby": kit.id("before") }, ...now.before.map(stepLine)));
  }

  function trail() {
    if (!now.trail?.length) return "";
    const details = make("details", { open: trailOpen || Boolean(now.ending) }, make("summary", null, t.trail), make("ol", null, ...now.trail.map(stepLine)));
    details.addEventListener("toggle", () => { if (!now.ending) trailOpen = details.open; });
    return details;
  }

  function looking() {
    const { step, of, taken, decision, reason } = now.replay;
    const to = (place) => ask({ do: "step", to: place });
    const next = button(t.replay_next, () => to(step + 1), { class: "act main", disabled: step >= of });
    const former = button(t.replay_back, () => to(step - 1), { disabled: step <= 0 });
    return make("div", { class: "looking" }, make("p", { class: "over" }, fill(t.replaying, now.replay)),
      decision ? make("p", null, `${t.chosen_here} `, make("strong", null, taken)) : "",
      decision && reason ? make("p", { class: "kept" }, fill(t.reason_kept, { reason })) : "",
      make("div", { class: "actions" }, next, former, button(t.replay_leave, () => ask({ do: "leave" }))));
  }

  function ways() {
    const again = button(t.restart, () => confirm(true));
    const yes = button(t.restart_yes, () => ask({ do: "restart" }));
    const no = button(t.restart_no, () => confirm(false));
    const sure = make("div", { class: "sure", role: "group", "aria-label": t.restart, hidden: true,
      onkeydown: (event) => { if (event.key === "Escape") confirm(false); },
    }, make("p", { id: kit.id("sure") }, t.restart_ask), make("div", { class: "actions" }, yes, no));
    yes.setAttribute("aria-describedby", kit.id("sure"));

    function confirm(asked) {
      sure.hidden = !asked;
      again.setAttribute("aria-expanded", String(asked));
      (asked ? yes : again).focus();
    }

    const begun = now.trail?.length || now.ending;
    if (!begun && !now.can_go_back) return "";
    const row = make("div", { class: "actions" },
      now.can_go_back ? button(t.back, () => ask({ do: "back" })) : "", begun ? again : "");
    return make("div", { class: "ways" }, row, sure);
  }

  function news() {
    const place = now.ending ? sentence(t.ending, now.ending.title) : now.scene?.title ?? "";
    const changes = (now.gauges ?? []).filter((each) => each.change)
      .map((each) => sentence(`${each.label} ${each.value}`, changeWords(each)));
    const earlier = (now.late ?? []).map((each) => fill(t.late, each));
    return [place, ...changes, ...earlier].join(". ");
  }

  function refresh() {
    status.show(now.trouble, calm);
  }

  function update(next, done) {
    now = next;
    const { saved, heard, trouble, group, reason, after, plays, files, ...scene } = next;
    const text = JSON.stringify([scene, Boolean(group?.on)]);
    people.update(now);
    // A card that somebody left open would show to all what one office knows.
    if (done?.do === "choose") people.fold();
    timer.update(now);
    if (text !== played) {
      const focused = stage.contains(document.activeElement);
      const panel = people.node.contains(document.activeElement);
      played = text;
      calm = "";
      why.begin(now);
      build();
      if (!panel && (done || focused)) (done?.do === "step" && stage.querySelector(".looking button:enabled") || heading).focus();
      if (done && !panel) kit.say(news());
    } else why.update(now);
    back.update(now, done);
    refresh();
  }

  update(view, null);
  return { update, refresh, leave() { why.leave(); timer.leave(); } };
}

// Why something is chosen, in the players' own words. What is typed is saved at once, and once more with the choice.
function reasons(kit, line, changed) {
  const { t } = kit;
  const label = make("label", { class: "over", for: kit.id("why") });
  const field = make("textarea", { id: kit.id("why"), class: "field", rows: "2", oninput: typed, onblur: settle });
  const node = make("div", { class: "why" }, label, field);
  let scene = "";
  let typing = null;
  let asked = false;
  let inGroup = false;

  function typed() {
    clearTimeout(typing);
    typing = setTimeout(settle, TYPING_PAUSE);
    changed();
  }

  function settle() {
    if (typing === null) return;
    clearTimeout(typing);
    typing = null;
    line.send({ do: "reason", scene, value: field.value });
  }

  function show(now) {
    node.hidden = !now.reason;
    inGroup = Boolean(now.group?.on);
    label.textContent = inGroup ? t.reason_group : t.reason_alone;
  }

  return {
    node,
    begin(now) {
      settle();
      if (now.reason?.scene !== scene) asked = false;
      scene = now.reason?.scene ?? "";
      field.value = now.reason?.text ?? "";
      show(now);
    },
    update(now) {
      show(now);
      const mine = typing !== null || line.unsaved() || field.matches(":focus");
      if (!mine && now.reason && field.value !== now.reason.text) field.value = now.reason.text;
    },
    // A group is asked once for its reason; whoever presses the button again goes on without.
    wanted() {
      if (!inGroup || asked || node.hidden || field.value.trim()) return false;
      asked = true;
      field.focus();
      return true;
    },
    taken() {
      clearTimeout(typing);
      typing = null;
      return node.hidden ? {} : { reason: field.value };
    },
    leave: settle,
  };
}

// A timer that somebody starts and can stop. It decides nothing, and speaks only twice.
function clockwork(kit) {
  const { t } = kit;
  const shown = make("span", { class: "time", role: "timer" });
  const said = make("span", { class: "help" });
  const go = button(t.timer_start, () => (ticking ? stop() : start()));
  const again = button(t.timer_again, () => { stop(); set(whole); });
  const node = make("div", { class: "timer", role: "group", "aria-label": t.timer }, shown, go, again, said);
  let key = "";
  let whole = 0;
  let left = 0;
  let until = 0;
  let ticking = null;

  function set(seconds) {
    left = Math.max(0, seconds);
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    said.textContent = left ? "" : t.timer_up;
  }

  function start() {
    if (!left) set(whole);
    until = Date.now() + left * 1000;
    ticking = setInterval(tick, 250);
    go.textContent = t.timer_stop;
  }

  function stop() {
    clearInterval(ticking);
    ticking = null;
    go.textContent = t.timer_start;
  }

  function tick() {
    const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    if (seconds === left) return;
    set(seconds);
    if (seconds === 60 && whole > 60) kit.say(t.timer_minute);
    if (seconds === 0) {
      stop();
      kit.say(t.timer_up);
    }
  }

  return {
    node,
    update(now) {
      const minutes = now.group?.on && now.reason ? now.group.minutes : 0;
      node.hidden = !minutes;
      const next = minutes ? `${now.reason.scene} ${minutes}` : "";
      if (next === key) return;
      key = next;
      stop();
      whole = minutes * 60;
      if (minutes) set(whole);
    },
    leave: stop,
  };
}

// Alone or as a group around one screen: who holds which office.
function around(kit, send) {
  const { t } = kit;
  const summary = make("summary");
  const [alone, together] = [["alone", t.alone], ["group", t.as_group]].map(([value, words]) => {
    const box = make("input", { type: "radio", name: kit.id("how"), value, onchange: () => send(value === "alone" ? { do: "alone" } : wish()) });
    return { box, line: make("label", { class: "option" }, box, make("span", null, words)) };
  });
  const sizes = make("select", { id: kit.id("people"), class: "field short", onchange: () => send(wish()) });
  const times = make("select", { id: kit.id("minutes"), class: "field short", onchange: () => send(wish()) });
  const news = make("p", { class: "note", role: "status" });
  const hands = make("div", { class: "hands" });
  const settings = make("div", null,
    make("div", { class: "numbers" }, make("div", null, make("label", { class: "over", for: sizes.id }, t.people), sizes),
      make("div", null, make("label", { class: "over", for: times.id }, t.minutes), times)),
    news, make("p", { class: "help" }, t.cards_help), hands,
    make("div", { class: "actions" }, button(t.deal, () => send({ do: "deal" })), button(t.print_cards, () => send({ do: "cards" }))));
  const node = make("details", { class: "around" }, summary,
    make("fieldset", null, make("legend", null, t.how), alone.line, together.line), settings);
  let dealt = "";
  let opened = false;

  function wish() {
    return { do: "group", people: Number(sizes.value), minutes: Number(times.value) };
  }

  function hand(cards, index) {
    const roles = cards.map((card) => card.title).join(", ");
    const details = make("details", { class: "hand" }, make("summary", null, fill(t.person, { n: index + 1, roles })), ...cards.map((card) =>
      make("div", { class: "role" }, make("p", { class: "over" }, [card.title, card.side].filter(Boolean).join(" · ")),
        make("dl", null, ...card.lines.flatMap(([name, words]) => [make("dt", null, name), make("dd", null, grow(words, t))])))));
    // Two open cards would show one person's knowledge to another.
    details.addEventListener("toggle", () => {
      if (details.open) for (const other of hands.children) if (other !== details) other.open = false;
    });
    return details;
  }

  return {
    node,
    fold() {
      for (const details of [node, ...hands.children]) details.open = false;
    },
    update(now) {
      const group = now.group;
      node.hidden = !group || Boolean(now.replay);
      if (!group) return;
      if (!opened) {
        opened = true;
        node.open = !now.trail?.length && !now.ending;
        sizes.replaceChildren(...group.sizes.map((n) => new Option(n, n)));
        times.replaceChildren(...group.times.map((n) => new Option(n || t.no_timer, n)));
      }
      summary.textContent = group.on ? fill(t.playing_group, group) : t.playing_alone;
      alone.box.checked = !group.on;
      together.box.checked = group.on;
      sizes.value = group.people;
      times.value = group.minutes;
      settings.hidden = !group.on;
      const text = JSON.stringify(group.hands);
      if (text !== dealt) {
        dealt = text;
        hands.replaceChildren(...group.hands.map(hand));
      }
      const words = group.on && group.swapped ? t.swapped : "";
      if (news.textContent !== words) news.textContent = words;
      news.hidden = !words;
    },
  };
}

// What can be done when a play is over, and with those that were finished before.
function lookback(kit, ask) {
  const { t } = kit;
  const files = make("div", { role: "status" });
  const region = make("div");
  const node = make("div", { class: "lookback" }, files, region);
  let drawn = "";
  const open = {};

  function section(name, title, first, ...children) {
    const begun = open[name] ?? first;
    const details = make("details", { open: begun }, make("summary", null, title), ...children);
    // The browser reports an opening that nobody pressed for as well.
    details.addEventListener("toggle", () => { if (name in open || details.open !== begun) open[name] = details.open; });
    return details;
  }

  function after(each) {
    if (!each) return [];
    const picture = make("section", { class: "pictured" });
    if (each.figure) figure(picture, each.figure);
    return [
      make("h4", { tabindex: "-1" }, t.looking_back),
      make("div", { class: "actions" },
        each.can_draw && !each.figure ? button(t.draw, () => ask({ do: "figure" })) : "",
        button(t.take_home, () => ask({ do: "export" }))),
      each.figure ? picture : "",
      each.comparison ? beside(each) : "",
      ...each.debrief.map((part, index) => section(part.title, part.title, index === 0, grow(part.text, t))),
    ];
  }

  function beside(each) {
    const columns = [t.decision, t.present, fill(t.play, { number: each.compared })];
    const title = make("p", { class: "over", id: kit.fresh("beside"), tabindex: "-1" }, fill(t.comparison, { n: each.compared }));
    const cell = (step) => make("td", null, step ? step.choice : t.not_there,
      step?.reason ? make("span", { class: "kept" }, fill(t.reason_kept, step)) : "");
    return make("div", { class: "beside" }, title, scrolling(make("table", { "aria-labelledby": title.id },
      make("thead", null, make("tr", null, ...columns.map((column) => make("th", { scope: "col" }, column)))),
      make("tbody", null, ...each.comparison.map((row) => make("tr", null, make("th", { scope: "row" }, row.scene), ...row.plays.map(cell)))))));
  }

  function plays(now) {
    if (!now.plays?.length) return "";
    const current = now.after?.number;
    const lines = now.plays.map((play) => make("li", null,
      make("span", null, [fill(t.play, play), play.when, play.people > 1 ? fill(t.play_people, play) : t.play_alone].filter(Boolean).join(", "), ": ",
        make("strong", null, play.ending), play.number === current ? ` (${t.this_play})` : ""),
      make("div", { class: "actions" },
        button(t.replay, () => ask({ do: "replay", play: play.number }), { "aria-label": `${t.replay}: ${fill(t.play, play)}` }),
        current && play.number !== current ? comparing(now, play) : "")));
    return section("plays", fill(t.plays, { n: now.plays.length }), Boolean(now.after), make("ul", { class: "plays" }, ...lines));
  }

  function comparing(now, play) {
    const on = now.after.compared === play.number;
    const words = on ? t.stop_comparing : t.compare;
    return button(words, () => ask({ do: "compare", play: on ? 0 : play.number }), { "aria-label": `${words}: ${fill(t.play, play)}` });
  }

  return {
    node,
    update(now, done) {
      const names = now.files ?? [];
      files.replaceChildren(...(names.length ? [make("p", null, t.written), make("ul", null, ...names.map((name) => make("li", null,
        now.links?.[name] ? make("a", { href: now.links[name], download: name }, name) : make("code", null, name))))] : []));
      const text = JSON.stringify([now.after, now.plays, Boolean(now.replay)]);
      if (text === drawn) return;
      drawn = text;
      const focused = region.contains(document.activeElement);
      region.replaceChildren(...after(now.after), now.replay ? "" : plays(now));
      if (!focused) return;
      // The button that was pressed may be gone; what it brought takes the focus, and else the heading.
      const brought = { figure: ".pictured h3", compare: ".beside .over" }[done?.do];
      const target = (brought && region.querySelector(brought)) || region.querySelector("h4, summary");
      target?.setAttribute("tabindex", "-1");
      target?.focus();
    },
  };
}

/* ---- Handing in ---- */

function handin(root, view, line) {
  const kit = tools(root, view);
  const { t } = kit;
  let now = view;
  let calm = "";
  let typing = null;

  const help = make("p", { class: "help", id: kit.id("help") }, t.code_help);
  const field = make("input", {
    id: kit.id("code"), type: "text", class: "field short", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    "aria-describedby": help.id, oninput: typed, onblur: left,
    onkeydown: (event) => { if (event.key === "Enter") settle(); },
  });
  const state = make("div");
  const send = button(t.hand_in, pressed, { class: "act main" });
  const result = make("div", { role: "status" });
  const status = statusLine(t, line);
  root.setAttribute("aria-labelledby", kit.id("title"));
  root.append(
    make("h3", { id: kit.id("title") }, view.title || t.hand_in_title), state,
    make("label", { class: "over", for: field.id }, t.code), field, help,
    make("div", { class: "actions" }, send), status.node, result);

  function typed() {
    calm = "";
    field.removeAttribute("aria-invalid");
    clearTimeout(typing);
    typing = setTimeout(settle, TYPING_PAUSE);
    refresh();
  }

  function left() {
    settle();
    adopt();
  }

  // Python tidies the name; doing so while somebody types would take letters from under their hands.
  function adopt() {
    const waits = typing !== null || line.unsaved() || field.matches(":focus");
    if (!waits && field.value !== (now.code ?? "")) field.value = now.code ?? "";
  }

  function settle() {
    if (typing === null) return;
    clearTimeout(typing);
    typing = null;
    line.send({ do: "code", value: field.value.trim() });
  }

  async function pressed() {
    settle();
    if (field.value.trim()) {
      await saveNotebook();
      line.send({ do: "hand-in" });
      return;
    }
    calm = t.code_missing;
    field.setAttribute("aria-invalid", "true");
    field.focus();
    refresh();
  }

  function refresh() {
    status.show(now.trouble, calm);
  }

  function build() {
    const missing = now.missing ?? [];
    state.replaceChildren(
      make("p", null, fill(missing.length ? t.answered_some : t.answered_all, { answered: now.answered, of: now.of })),
      missing.length ? make("p", { class: "over", id: kit.id("missing") }, t.missing) : "",
      missing.length ? make("ul", { "aria-labelledby": kit.id("missing") },
        ...missing.map((title) => make("li", null, String(title)))) : "");
    send.textContent = now.file ? t.hand_in_again : t.hand_in;
  }

  function report() {
    result.className = now.file ? "result right" : now.note ? "result" : "";
    result.replaceChildren(
      now.file ? make("p", { class: "headline" }, symbol("right"), make("strong", null, t.handed_in)) : "",
      now.file ? make("p", null, make("code", null, now.file)) : "",
      now.note || now.file ? make("p", null, now.note || t.hand_in_changes) : "");
  }

  function update(next, done) {
    const before = now;
    now = next;
    build();
    if (before.file !== now.file || before.note !== now.note || done?.do === "hand-in") report();
    adopt();
    refresh();
  }

  field.value = view.code ?? "";
  build();
  report();
  refresh();
  return { update, refresh, leave: settle };
}

/* ---- A figure ---- */

function figure(root, view) {
  const kit = tools(root, view);
  const { t } = kit;
  const title = make("h3", { id: kit.id("title") });
  const image = make("img");
  const caption = make("figcaption");
  const words = make("p", { role: "status", class: "says" });
  const data = make("div");
  let soon;
  let open = false;
  root.setAttribute("aria-labelledby", kit.id("title"));
  root.append(title, make("figure", null, image, words, caption), data);

  function draw(now) {
    title.textContent = now.title ?? "";
    image.alt = now.alt ?? "";
    if (/^(data:image\/|https?:)/i.test(now.src ?? "")) image.src = now.src;
    else image.removeAttribute("src");
    caption.replaceChildren(grow(now.caption, t));
    data.replaceChildren(now.table ? asTable(now.table, now.title) : "");
  }

  function asTable(table, name) {
    const details = make("details", { open }, make("summary", null, t.table), scrolling(make("table", null,
      make("caption", { class: "unseen" }, name ?? ""),
      make("thead", null, make("tr", null, ...table.columns.map((column) => make("th", { scope: "col" }, String(column))))),
      make("tbody", null, ...table.rows.map((row) => make("tr", null,
        ...row.map((cell) => make("td", null, String(cell ?? "")))))))));
    details.addEventListener("toggle", () => { open = details.open; });
    return details;
  }

  // While somebody drags a slider, only the place where it comes to rest is worth speaking.
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

/* ---- Canvases: one's own architecture, a plan, a request ---- */

// All of a canvas travels at each change: it is small, and a later state makes an earlier one needless.
function keeper(view, line, read, refresh) {
  const key = `canvas ${view.id}`;
  let typing = null;

  function send() {
    clearTimeout(typing);
    typing = null;
    const value = read();
    unsaved.set(key, value);
    line.send({ do: "answer", value });
    refresh();
  }

  function typed() {
    clearTimeout(typing);
    typing = setTimeout(send, TYPING_PAUSE);
    unsaved.set(key, read());
    refresh();
  }

  function settle() {
    if (typing !== null) send();
  }

  const leave = onLeaving(() => {
    settle();
    line.hurry();
  });
  return {
    send, typed, settle,
    ask(request) {
      settle();
      line.send(request);
    },
    // What did not reach the engine before this card was made.
    left: () => (unsaved.has(key) && same(unsaved.get(key), view.value) ? null : unsaved.get(key) ?? null),
    // Whether what came from Python should replace what stands here.
    foreign(next, done) {
      if (typing !== null || line.unsaved()) return false;
      if (done?.do === "answer") unsaved.delete(key);
      return done?.do !== "answer" && !same(next.value, read());
    },
    leave,
  };
}

// Two canvases are the same when a reader sees no difference: what is empty counts as absent.
function same(one, other) {
  return JSON.stringify(filled(one)) === JSON.stringify(filled(other));
}

function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, filled(inner)])
    .filter(([, inner]) => inner !== "" && inner !== false && !(typeof inner === "object" && Object.keys(inner).length === 0));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function entry(kit, label, value, keep, { help = "", long = false, short = false, digits = false } = {}) {
  const id = kit.fresh("entry");
  const note = help ? make("p", { class: "help", id: `${id}-help` }, help) : "";
  const control = make(long ? "textarea" : "input", {
    id, class: short ? "field short" : "field", type: long ? null : "text", rows: long ? "2" : null, autocomplete: "off",
    inputmode: digits ? "numeric" : null, "aria-describedby": help ? `${id}-help` : null, oninput: keep.typed, onblur: keep.settle,
  });
  control.value = value ?? "";
  return { control, node: make("div", { class: "entry" }, make("label", { class: "over", for: id }, label), control, note) };
}

function picker(kit, label, options, value, keep) {
  const id = kit.fresh("picker");
  const control = make("select", { id, onchange: keep.send },
    ...options.map((option) => make("option", { value: option.id }, option.text)));
  if (options.some((option) => option.id === value)) control.value = value;
  return { control, node: make("div", { class: "entry" }, make("label", { class: "over", for: id }, label), control) };
}

// A line that opens: the list stays short enough to be seen as a whole.
function folded(words, open, ...inside) {
  const head = make("span");
  head.textContent = words;
  const summary = make("summary", null, head);
  return { head, summary, node: make("details", { class: "folded", open }, summary, make("div", { class: "inside" }, ...inside)) };
}

// Lines that can be added and removed; a removed one can be brought back to its place.
function lineList(kit, { add, nameOf, made, changed, most }) {
  const { t } = kit;
  const lines = [];
  let gone = null;
  const list = make("div", { class: "folds" });
  const back = button("", bringBack, { hidden: true });
  const more = button(add, () => insert({}, lines.length, true));

  function insert(entry, place, open) {
    const line = made(entry, open, () => remove(line));
    lines.splice(place, 0, line);
    list.insertBefore(line.node, list.children[place] ?? null);
    dress();
    if (open) line.first.focus();
    return line;
  }

  function remove(line) {
    gone = { line, place: lines.indexOf(line), name: nameOf(line) };
    lines.splice(gone.place, 1);
    line.node.remove();
    back.textContent = fill(t.bring_line_back, gone);
    back.hidden = false;
    dress();
    back.focus();
    kit.say(fill(t.removed, gone));
    changed();
  }

  function bringBack() {
    const { line, place, name } = gone;
    lines.splice(place, 0, line);
    list.insertBefore(line.node, list.children[place] ?? null);
    gone = null;
    back.hidden = true;
    dress();
    line.summary.focus();
    kit.say(fill(t.line_is_back, { name }));
    changed();
  }

  function dress() {
    lines.forEach((line, place) => line.dress(place));
    more.disabled = Boolean(most) && lines.length >= most;
  }

  return {
    node: make("div", null, list, make("div", { class: "actions" }, more, back)),
    lines, insert, dress,
    write(entries) {
      lines.splice(0);
      list.replaceChildren();
      gone = null;
      back.hidden = true;
      for (const entry of entries) insert(entry, lines.length, false);
    },
  };
}

// Not a counter: two windows may add at the same time.
const newId = () => Math.random().toString(36).slice(2, 10);

function architecture(root, view, line) {
  const kit = tools(root, view);
  const { t } = kit;
  const label = (known, id) => known.find((each) => each.id === id)?.text ?? "";
  let now = view;
  let heard = view.summary;

  const keep = keeper(view, line, read, () => {
    offices.dress();
    refresh();
  });
  const title = make("h3", { id: kit.id("title"), tabindex: "-1" }, view.title);
  const kept = button(t.kept, () => keep.ask({ do: "bring-back" }));
  const name = entry(kit, t.canvas_name, "", keep, { short: true });
  const offices = lineList(kit, { add: t.add_office, nameOf: officeName, made: office, changed: keep.send, most: view.most });
  const chosen = {
    representative: picker(kit, t.representative, [{ id: "", text: t.representative_none }], "", keep),
    law: picker(kit, t.law, view.laws, "none", keep),
    staff: picker(kit, t.staff, view.staffs, "none", keep),
    money: picker(kit, t.money, view.moneys, "none", keep),
  };
  const review = entry(kit, t.review, "", keep, { help: t.review_help, short: true });
  const answers = view.questions.map(answer);
  const mandate = folded("", false, make("p", { class: "help" }, t.mandate_help), ...answers.map((each) => each.node));
  const seen = make("div");
  const status = statusLine(t, line);

  root.classList.add("canvas");
  root.setAttribute("aria-labelledby", title.id);
  root.append(title,
    make("div", { class: "actions" },
      ...view.examples.map((each) => button(fill(t.load, each), () => keep.ask({ do: "load", example: each.id }))),
      button(t.load_empty, () => keep.ask({ do: "load", example: "" })), kept),
    make("p", { class: "help" }, t.load_help),
    make("div", { class: "sides" },
      make("div", null, name.node,
        make("h4", null, t.offices), make("p", { class: "help" }, t.offices_help), offices.node,
        make("fieldset", null, make("legend", null, t.frame), ...Object.values(chosen).map((each) => each.node), review.node),
        make("h4", null, t.mandate), mandate.node),
      make("section", { class: "seen", "aria-labelledby": kit.id("seen") },
        make("h4", { id: kit.id("seen") }, t.analysis), make("p", { class: "help" }, view.aid), seen)),
    status.node);

  function office(data, open, remove) {
    const id = data.id || newId();
    const fields = {
      office: entry(kit, t.office, data.office, keep),
      sector: picker(kit, t.sector, view.sectors, data.sector ?? "other", keep),
      level: picker(kit, t.level, view.levels, data.level ?? "national", keep),
      role: picker(kit, t.role, view.roles, data.role ?? "member", keep),
      passes_to: picker(kit, t.passes_to, [], "", { send: passed }),
      days: entry(kit, t.days, data.days, keep, { short: true, digits: true }),
    };
    // Kept apart from its list, which for a moment may not hold the office that is meant.
    let wanted = data.passes_to ?? "";
    function passed() {
      wanted = fields.passes_to.control.value;
      keep.send();
    }
    const boxes = view.functions.map((each) => make("input", {
      type: "checkbox", value: each.id, checked: (data.functions ?? []).includes(each.id), onchange: keep.send,
    }));
    const ticks = make("fieldset", { class: "ticks" }, make("legend", null, t.does), ...boxes.map((box, place) => make("label", { class: "option" },
      box, make("span", null, view.functions[place].text))));
    // The analysis may stand far below: whoever ticks a box here sees that it changed something.
    const glance = make("p", { class: "glance", "aria-hidden": "true" }, now.summary);
    const away = button(t.remove, remove);
    const fold = folded("", open, fields.office.node,
      make("div", { class: "three" }, fields.sector.node, fields.level.node, fields.role.node), ticks,
      make("div", { class: "three" }, fields.passes_to.node, fields.days.node), glance, make("div", { class: "actions" }, away));
    return {
      id, glance, node: fold.node, summary: fold.summary, first: fields.office.control,
      read: () => ({
        id, office: fields.office.control.value, sector: fields.sector.control.value, level: fields.level.control.value,
        role: fields.role.control.value, functions: boxes.filter((box) => box.checked).map((box) => box.value),
        passes_to: wanted, days: fields.days.control.value,
      }),
      dress(place) {
        const own = this.read();
        const shown = officeName(this, place);
        const others = offices.lines.map((other, at) => ({ id: other.id, text: fill(t.passes_on, { office: officeName(other, at) }) }))
          .filter((other) => other.id !== id);
        if (wanted !== "" && wanted !== view.decides && !others.some((other) => other.id === wanted)) wanted = "";
        offer(fields.passes_to.control, [{ id: "", text: t.passes_nobody }, { id: view.decides, text: t.passes_decides }, ...others], wanted);
        const does = own.functions.map((each) => label(view.functions, each)).join(", ") || t.no_function;
        const to = own.passes_to === view.decides ? t.passes_decides : others.find((other) => other.id === own.passes_to)?.text;
        fold.head.replaceChildren(make("strong", null, `${place + 1}. ${shown}`), make("span", { class: "help" },
          ` ${[label(view.levels, own.level), does, to && `→ ${to}`].filter(Boolean).join(" · ")}`));
        away.setAttribute("aria-label", fill(t.remove_named, { name: shown }));
      },
    };
  }

  function officeName(line, place = offices.lines.indexOf(line)) {
    return line.first.value.trim() || `${t.office_new} ${place + 1}`;
  }

  // Options change under a list only where their words do, so that an open list stays open.
  function offer(control, options, value) {
    const words = JSON.stringify(options);
    if (control.dataset.words !== words) control.replaceChildren(...options.map((option) => make("option", { value: option.id }, option.text)));
    control.dataset.words = words;
    control.value = value;
  }

  function answer(question) {
    const field = entry(kit, question.text, "", keep, { long: true });
    const open = make("input", { type: "checkbox", onchange: keep.send });
    const state = make("span", { class: "state" });
    const node = make("div", { class: "asked" }, field.node, make("p", { class: "settled" }, state,
      make("label", { class: "option" }, open, make("span", null, t.still_open, make("span", { class: "unseen" }, `: ${question.text}`)))));
    return {
      id: question.id, node,
      read: () => ({ text: field.control.value, open: open.checked }),
      write(data) {
        field.control.value = data?.text ?? "";
        open.checked = data?.open === true;
      },
      dress() {
        const done = Boolean(field.control.value.trim()) && !open.checked;
        state.textContent = `${symbolOf(done)} ${done ? t.is_answered : t.is_open}`;
        state.classList.toggle("done", done);
        return done;
      },
    };
  }

  const symbolOf = (done) => SYMBOLS[done ? "right" : "missed"];

  function read() {
    const value = { name: name.control.value, institutions: offices.lines.map((each) => each.read()), review: review.control.value, mandate: {} };
    for (const [id, each] of Object.entries(chosen)) value[id] = each.control.value;
    for (const each of answers) {
      const given = each.read();
      if (given.text || given.open) value.mandate[each.id] = given;
    }
    // An untouched sheet is an empty one, whatever the lists stand on.
    return value;
  }

  function write(value) {
    name.control.value = value.name ?? "";
    offices.write(value.institutions ?? []);
    review.control.value = value.review ?? "";
    for (const each of answers) each.write(value.mandate?.[each.id]);
    standIns(value.representative ?? "");
    for (const id of ["law", "staff", "money"]) chosen[id].control.value = value[id] || "none";
  }

  function standIns(wanted = chosen.representative.control.value) {
    const options = offices.lines.map((each, place) => ({ id: each.id, text: officeName(each, place) }));
    const known = options.some((option) => option.id === wanted) ? wanted : "";
    offer(chosen.representative.control, [{ id: "", text: t.representative_none }, ...options], known);
  }

  function analysis() {
    const { columns, rows } = now.map;
    for (const each of offices.lines) each.glance.textContent = now.summary;
    const table = make("table", { class: "levels" },
      make("caption", null, t.map),
      make("thead", null, make("tr", null, ...[t.map_function, ...columns].map((each) => make("th", { scope: "col" }, each)))),
      make("tbody", null, ...rows.map((row) => {
        const nobody = row.cells.every((cell) => cell.length === 0);
        return make("tr", { class: nobody ? "gap" : null },
          make("th", { scope: "row" }, row.label, nobody ? make("span", { class: "nobody" }, ` ${SYMBOLS.missed} ${t.nobody}`) : ""),
          ...row.cells.map((cell) => make("td", null, cell.join(", "))));
      })));
    seen.replaceChildren(make("p", { class: "summary" }, make("strong", null, now.summary)), scrolling(table),
      ...now.sections.map((each) => make("div", { class: "finding" }, make("h5", null, each.title), grow(each.tree, t))));
  }

  function refresh() {
    standIns();
    const done = answers.map((each) => each.dress()).filter(Boolean).length;
    mandate.head.textContent = fill(t.mandate_count, { n: done, of: answers.length });
    kept.hidden = !now.kept;
    status.show(now.trouble, t.saved);
  }

  function update(next, done) {
    const before = JSON.stringify([now.map, now.sections]);
    now = next;
    if (keep.foreign(next, done)) write(next.value);
    if (JSON.stringify([next.map, next.sections]) !== before) analysis();
    refresh();
    if (done?.do === "load" || done?.do === "bring-back") {
      title.focus();
      kit.say(`${t.loaded} ${next.summary}`);
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

function form(root, view, line) {
  const kit = tools(root, view);
  const { t } = kit;
  let now = view;

  const keep = keeper(view, line, read, () => {
    rows.dress();
    refresh();
  });
  const title = make("h3", { id: kit.id("title") }, view.title);
  const fields = view.fields.map((each) => ({ id: each.id, ...entry(kit, each.label, "", keep, each) }));
  const rows = lineList(kit, { add: t.add_step, nameOf: rowName, made: row, changed: keep.send });
  const offered = make("div", { class: "offered" });
  const made = make("div", { role: "status" });
  const status = statusLine(t, line);
  root.classList.add("canvas");
  root.setAttribute("aria-labelledby", title.id);
  root.append(title, ...fields.map((each) => each.node),
    ...(view.row.length ? [make("h4", null, t.steps), offered, rows.node] : []),
    make("div", { class: "actions" }, button(view.button, () => keep.ask({ do: "papers" }), { class: "act main" })), status.node, made);

  function row(data, open, remove) {
    const id = data.id || newId();
    const inside = view.row.map((each) => ({ id: each.id, ...entry(kit, each.label, data[each.id], keep, each) }));
    const away = button(t.remove, remove);
    const fold = folded("", open, ...inside.map((each) => each.node), make("div", { class: "actions" }, away));
    return {
      id, node: fold.node, summary: fold.summary, first: inside[0].control,
      read: () => ({ id, from: data.from ?? "", ...Object.fromEntries(inside.map((each) => [each.id, each.control.value])) }),
      dress(place) {
        const shown = rowName(this, place);
        fold.head.replaceChildren(make("strong", null, `${place + 1}. `), shown);
        away.setAttribute("aria-label", fill(t.remove_named, { name: shown }));
      },
    };
  }

  function rowName(line, place = rows.lines.indexOf(line)) {
    const { step, goal } = line.read();
    return step.trim() || goal.trim() || `${t.step_new} ${place + 1}`;
  }

  function read() {
    const value = Object.fromEntries(fields.map((each) => [each.id, each.control.value]));
    return view.row.length ? { ...value, rows: rows.lines.map((each) => each.read()) } : value;
  }

  function write(value) {
    for (const each of fields) each.control.value = value[each.id] ?? "";
    rows.write(value.rows ?? []);
  }

  function suggest() {
    if (!view.row.length) return;
    const open = offered.querySelector("details")?.open ?? true;
    const taken = new Set(rows.lines.map((each) => each.read().from));
    const left = now.suggestions.filter((each) => !taken.has(each.id));
    const items = left.map((each, place) => make("li", null, make("span", null, make("strong", null, `${each.goal}. `), each.step),
      button(t.take_over, () => take(each, place), { "aria-label": fill(t.take_over_named, each) })));
    offered.replaceChildren(left.length
      ? make("details", { open }, make("summary", null, fill(t.suggestions, { n: left.length })), make("ul", null, ...items))
      : make("p", { class: "help" }, t.suggestions_none));
  }

  function take(suggestion, place) {
    const { id, ...words } = suggestion;
    rows.insert({ ...words, from: id }, rows.lines.length, false);
    keep.send();
    suggest();
    const left = offered.querySelectorAll("button");
    (left[Math.min(place, left.length - 1)] ?? rows.lines.at(-1).summary).focus();
    kit.say(fill(t.taken, { n: rows.lines.length }));
  }

  function report() {
    made.className = now.files.length ? "result right" : "";
    made.replaceChildren(...(now.files.length ? [
      make("p", { class: "headline" }, symbol("right"), make("strong", null, t.papers_ready)),
      make("ul", null, ...now.files.map((file) => make("li", null, make("code", null, file)))), make("p", null, now.note)] : []));
  }

  function refresh() {
    status.show(now.trouble, t.saved);
  }

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

function unknown(root, view) {
  root.append(make("p", null, view.strings?.unknown ?? TEXTS.unknown));
  return { update() {}, refresh() {}, leave() {} };
}

/* ---- Showing one of them ---- */

const FACES = { question, scenario, handin, figure, architecture, form };

/** Shows the host's view in `el` and keeps it up to date; returns a function that takes it away. */
export function mount(el, host) {
  const root = make("article", { class: "workshop-card" });
  const line = courier(host, () => face?.refresh());
  let face = null;
  let built = null;
  el.append(root);

  function show() {
    const view = host.view() ?? {};
    const same = view.type === "question" ? likeness(view) : `${view.type} ${view.id}`;
    const done = line.arrived(view);
    if (same === built) {
      face?.update(view, done);
      return;
    }
    face?.leave();
    root.replaceChildren();
    root.removeAttribute("aria-labelledby");
    root.className = "workshop-card";
    if (view.lang) root.lang = view.lang;
    built = same;
    face = (FACES[view.type] ?? unknown)(root, view, line);
  }

  const stop = host.onView(show);
  show();
  return () => {
    stop?.();
    face.leave();
    line.close();
    root.remove();
  };
}

function render({ model, el }) {
  // JupyterLab would take arrow keys, Enter and single letters for its own commands; it looks for this
  // mark on the very element that has the focus.
  el.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  // It also forbids new lines and Ctrl+Z to every field inside a cell, by a listener on the field itself.
  el.addEventListener("beforeinput", (event) => event.stopPropagation(), true);
  el.addEventListener("keydown", keepSaveDialogShut);
  el.addEventListener("click", goToHeading);
  return mount(el, {
    view: () => model.get("view"),
    sent: () => model.get("request")?.n ?? 0,
    send(request) {
      model.set("request", request);
      model.save_changes();
    },
    onView(callback) {
      model.on("change:view", callback);
      return () => model.off("change:view", callback);
    },
  });
}

// What somebody wrote into a cell is in the file only once the notebook is saved; only the page around
// the card can do that. Where nobody listens there is nothing to wait for.
function saveNotebook() {
  return new Promise((resolve) => {
    const nobody = document.dispatchEvent(new CustomEvent("workshop-save", { cancelable: true, detail: { resolve } }));
    setTimeout(resolve, nobody ? 0 : PATIENCE);
  });
}

// With JupyterLab's commands off, Ctrl+S would offer to save the web page; answers are saved anyway.
function keepSaveDialogShut(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") event.preventDefault();
}

// A notebook names its headings otherwise than a page on the web, and its links know only its own names.
function goToHeading(event) {
  const wanted = event.target.closest('a[href^="#"]')?.hash.slice(1);
  const headings = event.currentTarget.closest(".jp-Notebook")?.querySelectorAll(":is(h1, h2, h3, h4, h5, h6)") ?? [];
  const found = wanted && [...headings].find((heading) => slug(heading.textContent) === slug(decodeURIComponent(wanted)));
  if (!found) return;
  event.preventDefault();
  found.setAttribute("tabindex", "-1");
  found.focus();
}

function slug(text) {
  return text.trim().toLowerCase().replace(/[^\p{L}\p{N}_\- ]/gu, "").replaceAll(" ", "-");
}

export default { render };
