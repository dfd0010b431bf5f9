import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { hostOf } from "./page.js";

const { courier, PATIENCE } = await import("../../../src/workshop/cards/browser/courier.js");

/** A line to a host whose clock stands still until the test moves it. */
function lineTo(t, more) {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const host = hostOf({ type: "question" }, more);
  const line = courier(host, () => {});
  host.onView(() => line.arrived(host.view()));
  return { host, line };
}
const answer = (value) => ({ do: "answer", value });
const numbers = (host) => host.sent_requests.map((request) => request.n);
const verbs = (host) => host.sent_requests.map((request) => request.do);

test("one request is on its way at a time, and each has the next number", (t) => {
  const { host, line } = lineTo(t);
  line.send({ do: "check" });
  line.send({ do: "back" });
  assert.deepEqual(numbers(host), [1]);
  host.arrive({ heard: 1, saved: 1 });
  assert.deepEqual(numbers(host), [1, 2]);
});

test("numbers go on where an earlier card stopped", (t) => {
  const { host, line } = lineTo(t, { sent: () => 7 });
  line.send(answer("a"));
  assert.deepEqual(numbers(host), [8]);
});

test("of answers that wait only the last one goes out", (t) => {
  const { host, line } = lineTo(t);
  for (const value of ["a", "b", "c"]) line.send(answer(value));
  host.arrive({ heard: 1, saved: 1 });
  assert.deepEqual(
    host.sent_requests.map((request) => request.value),
    ["a", "c"],
  );
});

test("a decision that is pressed twice is taken once", (t) => {
  const { host, line } = lineTo(t);
  line.send({ do: "choose", choice: "board" });
  line.send({ do: "choose", choice: "board" });
  host.arrive({ heard: 1, saved: 1 });
  assert.deepEqual(verbs(host), ["choose"]);
});

test("a quick answer says nothing, a slow one that it is being saved", (t) => {
  const { line } = lineTo(t);
  line.send(answer("a"));
  assert.equal(line.state(), "quick");
  mock.timers.tick(500);
  assert.equal(line.state(), "saving");
});

test("an engine that does not answer is lost, and a late word from it brings the answer on its way again", (t) => {
  const { host, line } = lineTo(t);
  line.send(answer("a"));
  mock.timers.tick(PATIENCE);
  assert.deepEqual([line.state(), line.unsaved()], ["lost", true]);
  host.arrive({ heard: 0 });
  assert.deepEqual(
    [numbers(host), verbs(host)],
    [
      [1, 2],
      ["answer", "answer"],
    ],
  );
});

test("a decision is not repeated unasked when the engine comes back", (t) => {
  const { host, line } = lineTo(t);
  line.send({ do: "choose", choice: "board" });
  mock.timers.tick(PATIENCE);
  host.arrive({ heard: 0 });
  assert.deepEqual(verbs(host), ["choose"]);
});

test("an answer that was heard and not saved has failed, and can be tried again", (t) => {
  const { host, line } = lineTo(t);
  line.send(answer("a"));
  host.arrive({ heard: 1, saved: 0 });
  assert.deepEqual([line.state(), line.unsaved()], ["failed", true]);
  line.retry();
  assert.deepEqual(numbers(host), [1, 2]);
  host.arrive({ heard: 2, saved: 2 });
  assert.deepEqual([line.state(), line.unsaved()], ["still", false]);
});

test("what failed goes before what comes next", (t) => {
  const { host, line } = lineTo(t);
  line.send(answer("a"));
  host.arrive({ heard: 1, saved: 0 });
  line.send({ do: "check" });
  host.arrive({ heard: 2, saved: 2 });
  assert.deepEqual(verbs(host), ["answer", "answer", "check"]);
});

test("a host that keeps what it was given is never lost, and says when it waits for a connection", (t) => {
  let offline = false;
  const { line } = lineTo(t, { keeps: true, waits: () => offline });
  line.send(answer("a"));
  offline = true;
  mock.timers.tick(10 * PATIENCE);
  assert.equal(line.state(), "waiting");
});

test("a host that cannot send at all is lost at once", (t) => {
  const silent = mock.method(console, "error", () => {});
  const { line } = lineTo(t, {
    send() {
      throw new Error("closed");
    },
  });
  line.send(answer("a"));
  assert.equal(line.state(), "lost");
  silent.mock.restore();
});

test("before the page goes away what waits does not wait for its turn", (t) => {
  const { host, line } = lineTo(t);
  line.send({ do: "check" });
  line.send(answer("b"));
  line.hurry();
  assert.deepEqual(verbs(host), ["check", "answer"]);
});

test("papers may take longer than anything else", (t) => {
  const { line } = lineTo(t);
  line.send({ do: "papers" });
  mock.timers.tick(2 * PATIENCE);
  assert.equal(line.state(), "making");
});
