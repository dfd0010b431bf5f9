import assert from "node:assert/strict";
import { test } from "node:test";
import { texts } from "./page.js";

const { button, element, minutesAndSeconds } = await import("../../../src/workshop/cards/browser/elements.js");
const { nodesOf, wordsOf } = await import("../../../src/workshop/cards/browser/tree.js");

const html = (tree) => element("div", null, nodesOf(tree, texts.t)).innerHTML;

test("an attribute that is true stands bare, and one that is false, null or undefined is left out", () => {
  const made = element("input", { disabled: true, checked: false, value: "", title: null, name: undefined });
  assert.equal(made.outerHTML, '<input disabled="" value="">');
});

test("empty children leave nothing behind", () => {
  assert.equal(element("p", null, "", null, undefined, false).childNodes.length, 0);
});

test("what somebody typed stays text", () => {
  assert.equal(element("p", null, "<b>bold</b>").innerHTML, "&lt;b&gt;bold&lt;/b&gt;");
});

test("a button does what it is for, and never sends a form", () => {
  let pressed = 0;
  const press = button("Go", () => (pressed += 1));
  press.click();
  assert.deepEqual([pressed, press.type], [1, "button"]);
});

test("seconds below ten have two digits", () => {
  assert.deepEqual([minutesAndSeconds(0), minutesAndSeconds(65), minutesAndSeconds(600)], ["0:00", "1:05", "10:00"]);
});

test("a tree becomes the elements that it names", () => {
  assert.equal(html([["p", {}, "One ", ["strong", {}, "word"]]]), "<p>One <strong>word</strong></p>");
});

test("a tag that is not allowed loses itself and keeps its words", () => {
  assert.equal(html([["script", {}, "alert(1)"]]), "alert(1)");
});

test("no attribute passes but an address", () => {
  assert.equal(html([["p", { onclick: "alert(1)", style: "color:red" }, "x"]]), "<p>x</p>");
});

test("a link leads to a page of the web or of this notebook, and nowhere else", () => {
  assert.match(html([["a", { href: "https://example.org" }, "x"]]), /^<a href="https:\/\/example.org" target="_blank"/);
  assert.equal(html([["a", { href: "#here" }, "x"]]), '<a href="#here">x</a>');
  assert.equal(html([["a", { href: "javascript:alert(1)" }, "x"]]), "x");
});

test("what is no tree shows nothing", () => {
  assert.equal(html({ p: "x" }) + html(null) + html([{ p: "x" }]), "");
});

test("a tree can be said without its tags", () => {
  assert.equal(wordsOf([["p", {}, "One ", ["em", {}, "two"]], " three "]), "One two three");
});
