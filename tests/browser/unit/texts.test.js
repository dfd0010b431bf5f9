import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { catalogue, texts } from "./page.js";

const { textsOf } = await import("../../../src/workshop/cards/browser/texts.js");
const SOURCES = ["cards/browser", "room/static", "grading/desk/static"].map(
  (name) => new URL(`../../../src/workshop/${name}/`, import.meta.url),
);

test("values stand where the braces are, and a brace without a value stays", () => {
  assert.equal(texts.t("words_of", { n: 3 }), "3 of {limit} words");
});

test("a number chooses the plural form", () => {
  assert.deepEqual([texts.t("points", { n: 1 }), texts.t("points", { n: 2 })], ["1 point", "2 points"]);
});

test("another language has plural forms of its own", () => {
  const polish = textsOf({
    lang: "pl",
    dir: "ltr",
    texts: { points: { one: "{n} punkt", few: "{n} punkty", many: "{n} punktów" } },
  });
  assert.deepEqual(
    [1, 3, 5].map((n) => polish.t("points", { n })),
    ["1 punkt", "3 punkty", "5 punktów"],
  );
});

test("a plural form that a catalogue lacks falls back on the general one", () => {
  assert.equal(textsOf({ lang: "ar", dir: "rtl", texts: { points: { other: "{n} x" } } }).t("points", { n: 3 }), "3 x");
});

test("a text that a catalogue lacks is noticed by its name", () => {
  assert.equal(textsOf({ lang: "es", dir: "ltr", texts: {} }).t("check"), "check");
});

test("a room says some things otherwise", () => {
  assert.equal(textsOf(catalogue, catalogue.in_a_room).t("handed_in"), "Handed in:");
});

test("what is said otherwise in a room is said somewhere", () => {
  assert.deepEqual(
    Object.keys(catalogue.in_a_room).filter((key) => !(key in catalogue.texts)),
    [],
  );
});

test("no text of the catalogue is left over", () => {
  const code = SOURCES.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith(".js") && !name.startsWith("built"))
      .map((name) => readFileSync(new URL(name.replaceAll("\\", "/"), folder), "utf8")),
  ).join("\n");
  const made = [...code.matchAll(/\bt\(`(\w+)_\$/g)].map(([, stem]) => stem);
  const states = ["lost", "making", "waiting", "saving", "failed"];
  const used = (key) =>
    code.includes(`"${key}"`) || made.some((stem) => key.startsWith(`${stem}_`)) || states.includes(key);
  assert.deepEqual(
    Object.keys(catalogue.texts).filter((key) => !used(key)),
    ["code_lost"],
  );
});
