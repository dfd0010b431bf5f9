"""Cards on a page of their own in a real browser, without a notebook around them."""

import http.server
import sys
import threading
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support import views

from workshop.cards.browser_files import BROWSER, MEDIA

THEMES = Path(sys.prefix) / "share/jupyter/lab/themes/@jupyterlab"
HARNESS = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Cards</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/notebook.css">
<style>body { background: var(--jp-layout-color0, white); color: var(--jp-content-font-color1, black) }</style>
</head><body><main><h1>Cards</h1></main><script type="module">
import { CARDS } from "/cards/registry.js";
import { mount } from "/mount.js";
import * as notebook from "/notebook.js";
import { textsOf } from "/texts.js";
const catalogue = await (await fetch("/texts.en.json")).json();
const cards = {};
window.lay = (name, table, others) => {
  const place = document.createElement("div");
  place.id = name;
  document.querySelector("main").append(place);
  cards[table] ??= { view: null, asked: 0, callbacks: new Set() };
  const card = cards[table];
  const arrive = (view) => {
    if (!view) return;
    card.view = view;
    card.callbacks.forEach((callback) => callback());
  };
  card.arrive = arrive;
  const host = {
    texts: textsOf(catalogue, others),
    view: () => card.view,
    sent: () => card.asked,
    send(request) { card.asked = request.n; window.ask(table, request).then(arrive); },
    onView(callback) { card.callbacks.add(callback); return () => card.callbacks.delete(callback); },
  };
  return window.ask(table, null).then((view) => {
    card.view = view;
    place.remove_card = mount(place, host, CARDS);
  });
};
window.layInNotebook = async (name) => {
  const state = { view: await window.ask(name, null), request: {} };
  const callbacks = new Set();
  const place = document.createElement("div");
  place.id = name;
  document.querySelector("main").append(place);
  notebook.card({ el: place, model: {
    get: (trait) => state[trait],
    set: (trait, value) => { state[trait] = value; },
    save_changes() {
      window.ask(name, state.request).then((view) => {
        state.view = view;
        callbacks.forEach((callback) => callback());
      });
    },
    on: (event, callback) => callbacks.add(callback),
    off: (event, callback) => callbacks.delete(callback),
  } }, textsOf(catalogue));
};
window.arrive = (table, view) => cards[table].arrive(view);
</script></body></html>"""


class Site(http.server.BaseHTTPRequestHandler):
    """The harness page, the modules under test, and the theme named in the page's address."""

    def do_GET(self):
        name = self.path.lstrip("/").partition("?")[0]
        path = BROWSER / name
        if not name:
            kind, body = "text/html", HARNESS.replace("/theme.css", f"/{self.path[2:] or 'plain'}.css")
        elif name in ("light.css", "dark.css"):
            kind, body = "text/css", (THEMES / f"theme-{name[:-4]}-extension/index.css").read_text(encoding="utf-8")
        elif path.is_file():
            kind, body = MEDIA[path.suffix], path.read_text(encoding="utf-8")
        else:
            kind, body = "text/css", ""
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def site():
    """The address of the harness page."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


class Desk:
    """A page on which cards are laid; `alive` false is an engine that no longer answers."""

    def __init__(self, tab, site):
        self.tab, self.site, self.complaints = tab, site, []
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.expose_function("ask", self.ask)
        self.clear()

    def clear(self):
        self.tab.set_viewport_size({"width": 1280, "height": 900})
        self.open()
        self.tables, self.alive, self.complaints = {}, True, []

    def open(self, theme="light"):
        self.tab.goto(f"{self.site}?{theme}")
        self.tab.wait_for_function("() => Boolean(window.lay)")

    def ask(self, name, request):
        if request is None:
            return self.tables[name].view()
        return self.tables[name].handle(request) if self.alive else None

    def lay(self, table, name="card", place=None, words=None):
        self.tables[name] = table
        self.tab.evaluate("([place, name, words]) => lay(place, name, words)", [place or name, name, words or {}])
        return self.tab.locator(f"#{place or name}")

    def lay_in_notebook(self, table, name="card"):
        self.tables[name] = table
        self.tab.evaluate("(name) => layInNotebook(name)", name)
        return self.tab.locator(f"#{name}")

    def lay_all(self):
        for name, table in views.all_tables().items():
            self.lay(table, name)

    def push(self, name="card", **changes):
        self.tables[name].now |= changes
        self.tab.evaluate("([name, view]) => arrive(name, view)", [name, self.tables[name].now])

    def keys(self, *keys):
        for key in keys:
            self.tab.keyboard.press(key)


class Behind:
    """A table whose requests go through the widget first, as they do in a notebook."""

    def __init__(self, card):
        self.card = card

    def view(self):
        return self.card.view

    def handle(self, request):
        self.card.request = request
        return self.card.view


@pytest.fixture(scope="module")
def wide_desk(chromium, site):
    """One page for the whole file, because opening a page takes longer than most tests."""
    context = chromium.new_context()
    yield Desk(context.new_page(), site)
    context.close()


@pytest.fixture
def desk(wide_desk):
    """An empty desk; at the end no script may have complained."""
    wide_desk.clear()
    yield wide_desk
    assert wide_desk.complaints == []


@pytest.fixture
def desk_with_clock(tab, site):
    """A desk of its own, where time passes only when told to."""
    desk = Desk(tab, site)
    tab.clock.install()
    yield desk
    assert desk.complaints == []


def saved(card):
    """Wait until the card says that it has saved."""
    expect(card.locator(".status")).to_contain_text("Saved.")
