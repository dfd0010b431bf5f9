import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { hostOf, shown } from "./page.js";

const { CARDS } = await import("../../../src/workshop/cards/browser/cards/registry.js");
const { KINDS } = await import("../../../src/workshop/cards/browser/kinds/registry.js");
const { mount } = await import("../../../src/workshop/cards/browser/mount.js");

const named = (...names) => names.map((name) => ({ id: name.toLowerCase(), text: [name] }));
const OFFICES = named("Police", "Board");
const TOOLS = named("Data", "Trust");

let questions = 0;

/** A card of a question that no other test has, and what it asked for last. */
function asked(kind, fields = {}) {
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  questions += 1;
  const host = hostOf({
    type: "question",
    id: `question-${questions}`,
    kind,
    title: "A question",
    prompt: [],
    answer: null,
    result: null,
    ...fields,
  });
  mount(place, host, CARDS);
  return {
    place,
    host,
    last: () => host.sent_requests.at(-1),
    all: (selector) => [...place.querySelectorAll(selector)],
  };
}

function change(control, value) {
  control.value = value;
  control.dispatchEvent(new Event("change"));
}

function press(place, words) {
  const button = [...place.querySelectorAll("button")].find(
    (each) => shown(each) === words || each.getAttribute("aria-label") === words,
  );
  button.click();
}

test("each kind has a module of its own, and each module is a kind", () => {
  const modules = readdirSync(new URL("../../../src/workshop/cards/browser/kinds/", import.meta.url));
  const kinds = modules.filter((name) => name.endsWith(".js") && name !== "registry.js");
  assert.equal(new Set(Object.values(KINDS)).size, kinds.length);
});

test("an unknown kind is a plain sentence, and so is the name of something that every object has", () => {
  for (const kind of ["sing", "constructor", undefined]) {
    assert.match(shown(asked(kind).place), /^This part of the page cannot be shown/);
  }
});

test("one option is answered by its id, several by a list of theirs", () => {
  const one = asked("single", { options: OFFICES });
  one.all("input")[1].click();
  assert.deepEqual(one.last(), { do: "answer", value: "board", n: 1 });
  const several = asked("multiple", { options: OFFICES });
  several.all("input")[0].click();
  assert.deepEqual(several.last().value, ["police"]);
});

test("an option that is right and was not chosen says so, with its reason", () => {
  const result = {
    outcome: "partly",
    headline: "Partly right",
    options: { police: { mark: "missed", reason: ["It hears."] } },
  };
  const card = asked("multiple", { options: OFFICES, answer: ["board"], result });
  assert.equal(shown(card.all(".note")[0]), "○Right, and you did not choose itIt hears.");
});

test("an order is an answer once a line was moved", () => {
  const card = asked("rank", { options: OFFICES });
  assert.equal(card.last(), undefined);
  press(card.place, "Move down: Police");
  assert.deepEqual(card.last().value, ["board", "police"]);
});

test("the same lines in another order are another answer, whereas ticks have no order", () => {
  const rank = asked("rank", { options: OFFICES, answer: ["police", "board"] });
  rank.host.arrive({ answer: ["board", "police"], heard: 1 });
  assert.deepEqual(rank.all(".words").map(shown), ["Board", "Police"]);
});

test("a result of a ranking shows the best order with reasons", () => {
  const result = {
    outcome: "partly",
    order: ["board", "police"],
    rows: { board: { mark: "right", reason: ["It listens."] } },
  };
  const card = asked("rank", { options: OFFICES, answer: ["police", "board"], result });
  assert.match(shown(card.place), /The best-supported order.*Board.*It listens\..*Police/);
});

test("an order may name a line that the question no longer has", () => {
  const card = asked("rank", { options: OFFICES, answer: ["gone", "board"] });
  assert.deepEqual(card.all(".words").map(shown), ["Board", "Police"]);
});

test("lines are matched by what was chosen from their lists", () => {
  const card = asked("match", { rows: OFFICES, columns: TOOLS });
  change(card.all("select")[0], "trust");
  assert.deepEqual(card.last().value, { police: "trust" });
});

test("a wrong row says what would be right", () => {
  const rows = { police: { mark: "wrong", should: ["Data"], reason: ["It counts."] } };
  const card = asked("match", {
    rows: OFFICES,
    columns: TOOLS,
    answer: { police: "trust" },
    result: { outcome: "not_right", rows },
  });
  assert.equal(shown(card.all(".note")[0]), "✗Not rightRight would be: DataIt counts.");
});

test("each line gets its class", () => {
  const card = asked("classify", { rows: OFFICES, columns: TOOLS });
  card.all("input[value=trust]")[1].click();
  assert.deepEqual(card.last().value, { board: "trust" });
});

test("a map is answered by its ticks, row by row", () => {
  const card = asked("map", { rows: OFFICES, columns: TOOLS });
  card.all("input")[0].click();
  card.all("input")[1].click();
  card.host.arrive({ heard: 1, saved: 1 });
  assert.deepEqual(card.last().value, { police: ["data", "trust"] });
});

test("a number goes out as it was typed", () => {
  const card = asked("number", { unit: "km" });
  const [field] = card.all("input");
  field.value = " 672.000 ";
  field.dispatchEvent(new Event("input"));
  field.dispatchEvent(new Event("blur"));
  assert.deepEqual(card.last().value, "672.000");
  assert.match(shown(card.place), /Your answer, in km/);
});

test("events are answered by the years typed, and a line left open is no part of the answer", () => {
  const card = asked("timeline", { rows: OFFICES, first: 1945, last: 2025 });
  const [year] = card.all("input");
  year.value = "1948";
  year.dispatchEvent(new Event("input"));
  year.dispatchEvent(new Event("blur"));
  assert.deepEqual(card.last().value, { police: "1948" });
  assert.deepEqual([year.min, year.max], ["1945", "2025"]);
  assert.match(shown(card.place), /Type a year from 1945 to 2025/);
});

test("a timeline whose years were all erased is not answered", () => {
  const card = asked("timeline", { rows: OFFICES, first: 1945, last: 2025, answer: { board: "1998" } });
  const [, year] = card.all("input");
  assert.equal(year.value, "1998");
  year.value = "";
  year.dispatchEvent(new Event("input"));
  year.dispatchEvent(new Event("blur"));
  assert.equal(card.last().do, "clear");
});

test("a year that is not right says which would be", () => {
  const rows = { police: { mark: "wrong", should: ["1948"], reason: ["It came first."] } };
  const result = { outcome: "not_right", rows };
  const card = asked("timeline", { rows: OFFICES, first: 1945, last: 2025, answer: { police: "1970" }, result });
  assert.equal(shown(card.all(".note")[0]), "✗Not rightRight would be: 1948It came first.");
});

test("words are counted, and nothing is cut off", () => {
  const card = asked("write", { words: 2, answer: "one two three" });
  assert.match(shown(card.place), /3 words, 1 more than the 2 asked for/);
  assert.equal(card.all("textarea")[0].value, "one two three");
});

test("an answer that was cleared can be brought back", () => {
  const card = asked("single", { options: OFFICES, answer: "board" });
  press(card.place, "Clear my answer");
  card.host.arrive({ answer: null, heard: 1, saved: 1 });
  press(card.place, "Bring my answer back");
  assert.equal(card.last().value, "board");
});

test("an answer from another window is shown", () => {
  const card = asked("single", { options: OFFICES });
  card.host.arrive({ answer: "police" });
  assert.equal(card.all("input")[0].checked, true);
});

test("graded work cannot be checked", () => {
  const words = asked("single", { options: OFFICES, graded: true, points: 2 });
  assert.doesNotMatch(shown(words.place), /Check my answer/);
  assert.match(shown(words.place), /2 points/);
});

test("a card says its language and the direction of its words", () => {
  const { place } = asked("single", { options: OFFICES });
  const { lang, dir } = place.querySelector(".workshop-card");
  assert.deepEqual([lang, dir], ["en", "ltr"]);
});
