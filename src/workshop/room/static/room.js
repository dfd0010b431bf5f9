/*
 * A participant's page in the room: shows the cards, sends what was done, and keeps it on this device until it has arrived.
 *
 * Each page load is a device of its own and numbers what it sends, so the room does each thing once, however often it comes.
 */

const { seat, name: page, cards, until } = document.body.dataset;
const device = Math.random().toString(36).slice(2) + Date.now().toString(36);
const PREFIX = `room-outbox-${seat}-`;
const POLL = 3000;
const PATIENCE = 10_000;
const LONGEST_PAUSE = 5000;

const line = document.getElementById("line");
const sleep = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

/* ---- What waits on this device ---- */

// Where a browser keeps nothing, as in a private window, what waits lives as long as the page.
const kept = {
  read(key) {
    try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; }
  },
  write(key, items) {
    try {
      if (items.length) localStorage.setItem(key, JSON.stringify(items));
      else localStorage.removeItem(key);
    } catch { /* the page keeps it */ }
  },
  others() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && key !== PREFIX + device); } catch { return []; }
  },
};

let offline = false;
const watching = new Set();

function connected(now, words = "") {
  if (line) {
    line.hidden = now;
    line.textContent = now ? "" : words || "No connection. What you do waits on this device and goes out by itself.";
  }
  if (offline === !now) return;
  offline = !now;
  watching.forEach((refresh) => refresh());
}

// One thing after the other, in the order in which it was done; what has not arrived stays at the head.
async function deliver(items, save, answer) {
  let pause = 500;
  while (items.length) {
    const { url, body } = items[0];
    const reply = await post(url, body);
    if (reply.again) {
      connected(false, reply.words);
      await sleep(pause);
      pause = Math.min(pause * 1.6, LONGEST_PAUSE);
      continue;
    }
    pause = 500;
    connected(true);
    const done = items.shift();
    save(items);
    answer(done, reply);
  }
}

async function post(url, body) {
  try {
    const reply = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE),
    });
    const data = await reply.json().catch(() => ({}));
    if (reply.ok) return { data };
    // Too much at once, a full disk or an accident over there passes; a refusal stays one.
    const again = [408, 429].includes(reply.status) || reply.status >= 500;
    return { again, words: data.trouble, refused: data.trouble || "This was refused." };
  } catch {
    return { again: true };
  }
}

const waiting = [];
const answers = new Map();
let under_way = null;
let count = 0;

function send(url, body, answered) {
  const id = count += 1;
  answers.set(id, answered);
  waiting.push({ id, url, body });
  save(waiting);
  under_way ??= deliver(waiting, save, (done, reply) => {
    answers.get(done.id)?.(reply);
    answers.delete(done.id);
  }).finally(() => { under_way = null; });
}

function save(items) {
  kept.write(PREFIX + device, items);
}

// What an earlier page could not send goes first; a page that is still open may send it, too, and it counts once.
async function sendLeftOver() {
  for (const key of kept.others()) {
    await deliver(kept.read(key), (items) => kept.write(key, items), () => {});
  }
}

/* ---- Cards ---- */

async function showCards() {
  const { mount } = await import(cards);
  const views = await insist(`/api/views/${page}?device=${device}`);
  for (const place of document.querySelectorAll("[data-card]")) {
    const card = place.dataset.card;
    if (!views[card]) continue;
    place.replaceChildren();
    mount(place, host(card, views[card]));
  }
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

function host(card, first) {
  let view = first;
  let show = () => {};
  watching.add(() => show());
  return {
    keeps: true,
    waits: () => offline,
    view: () => view,
    send(request) {
      send(`/api/card/${page}`, { device, card, request }, (reply) => {
        view = reply.data ?? { ...view, heard: request.n, trouble: reply.refused };
        show();
      });
    },
    onView(callback) {
      show = callback;
      return () => { show = () => {}; };
    },
  };
}

async function insist(url) {
  for (let pause = 500; ; pause = Math.min(pause * 1.6, LONGEST_PAUSE)) {
    try {
      const reply = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
      if (reply.ok) {
        connected(true);
        return await reply.json();
      }
    } catch { /* once more */ }
    connected(false);
    await sleep(pause);
  }
}

/* ---- Where the room stands ---- */

const pace = document.getElementById("pace");
let ends = null;
let shown = "";

async function follow() {
  for (;;) {
    try {
      const reply = await fetch("/api/room", { signal: AbortSignal.timeout(PATIENCE) });
      if (reply.status === 403) return;
      if (reply.ok) {
        if (!waiting.length) connected(true);
        tell(await reply.json());
      }
    } catch {
      connected(false);
    }
    await sleep(POLL);
  }
}

function tell(now) {
  ends = now.left === null ? null : Date.now() + now.left * 1000;
  const more = page !== undefined && String(now.until[page] ?? "") !== until;
  const text = JSON.stringify([now.words, now.sent, now.asking, now.left === null, more]);
  if (text === shown) return;
  shown = text;
  pace.replaceChildren();
  if (now.words) pace.append(paragraph(now.words, "words"));
  if (more) pace.append(paragraph("Your facilitator has opened or closed a part of this page: ", "", link(location.pathname, "load it again")));
  if (now.sent) pace.append(paragraph("Everybody is invited to play: ", "", link(`/page/${now.sent.page}#${now.sent.card}`, now.sent.title)));
  if (now.asking) pace.append(paragraph("The room is asked: ", "", link(`/statements?heading=${now.asking}`, `write what you say on question ${now.asking}`)));
  if (ends !== null) pace.append(Object.assign(paragraph("", "clock"), { id: "clock" }));
  tick();
}

function tick() {
  const clock = document.getElementById("clock");
  if (!clock || ends === null) return;
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
  const words = left ? `Time left: ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "The time is up. Take what you need.";
  if (clock.textContent !== words) clock.textContent = words;
}

function paragraph(words, kind, ...more) {
  const made = document.createElement("p");
  if (kind) made.className = kind;
  made.append(words, ...more);
  return made;
}

function link(href, words) {
  return Object.assign(document.createElement("a"), { href, textContent: words });
}

/* ---- Statements ---- */

function statements(form) {
  const fields = form.elements;
  const asked = new URLSearchParams(location.search).get("heading");
  if (asked && [...fields.heading.options].some((option) => option.value === asked)) fields.heading.value = asked;
  const follow = () => {
    document.getElementById("about-line").hidden = fields.relation.value === "adds";
    for (const option of fields.about.options) option.hidden = option.disabled = !option.value.startsWith(fields.heading.value);
    if (fields.about.selectedOptions[0]?.disabled ?? true) fields.about.value = [...fields.about.options].find((option) => !option.disabled)?.value ?? "";
  };
  fields.heading.addEventListener("change", follow);
  fields.relation.addEventListener("change", follow);
  follow();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = fields.words.value.trim();
    if (!words) return;
    const about = fields.relation.value === "adds" ? "" : fields.about.value;
    const said = document.getElementById("said");
    said.textContent = "Waiting to be saved …";
    send("/api/statements", { token: `${device}-${Date.now()}`, heading: fields.heading.value, relation: fields.relation.value, about, words }, (reply) => {
      said.textContent = reply.data ? "Saved." : reply.refused;
      if (!reply.data) return;
      document.getElementById("own").append(Object.assign(document.createElement("li"),
        { textContent: `${fields.heading.value}, ${fields.relation.value}${about ? ` ${about}` : ""}: ${words}` }));
    });
    fields.words.value = "";
  });
}

setInterval(tick, 500);
follow();
window.addEventListener("online", () => connected(true));
sendLeftOver().then(() => {
  if (page && cards) return showCards();
  const form = document.getElementById("say");
  if (form) statements(form);
});
