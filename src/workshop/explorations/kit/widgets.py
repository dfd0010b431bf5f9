"""Controls that say their name and work by keyboard inside JupyterLab: a choice, a slider, a tick, a button.

The sliders of ipywidgets have no name for people who hear the page, JupyterLab takes the arrow keys away from
its lists and the Enter key from its buttons, and its checkboxes cut long words short.
"""

import anywidget
import traitlets

SCRIPT = """
function element(tag, parent) {
  return parent.appendChild(document.createElement(tag));
}

export default {
  render({ model, el }) {
    const kind = model.get("kind");
    el.classList.add("workshop-control", `workshop-${kind}`);
    const label = kind === "button" ? null : element("label", el);
    const input = element({ choice: "select", slider: "input", tick: "input", button: "button" }[kind], el);
    const shown = kind === "slider" ? element("output", el) : null;
    // JupyterLab looks for this on the very element with the focus, and else takes its arrow and Enter keys.
    input.dataset.lmSuppressShortcuts = "true";
    // Each widget loads this module anew, so a count in it would give every control the same id.
    if (label) input.id = label.htmlFor = `workshop-control-${Math.random().toString(36).slice(2)}`;
    if (kind === "slider") Object.assign(input, { type: "range", min: 0, step: 1 });
    if (kind === "tick") {
      input.type = "checkbox";
      el.prepend(input);
    }
    if (kind === "button") input.type = "button";

    const send = (place) => {
      model.set("place", place);
      model.save_changes();
    };
    const say = () => {
      if (!shown) return;
      shown.textContent = model.get("words")[Number(input.value)] ?? "";
      input.setAttribute("aria-valuetext", shown.textContent);
    };
    const place = () => {
      if (kind === "tick") input.checked = model.get("place") === 1;
      else if (kind !== "button") input.value = model.get("place");
      say();
    };
    const draw = () => {
      (label ?? input).textContent = model.get("description");
      const words = model.get("words") ?? [];
      if (kind === "slider") input.max = words.length - 1;
      if (kind === "choice") input.replaceChildren(...words.map((text, place) => new Option(text, place)));
      place();
    };
    if (shown) shown.setAttribute("aria-hidden", "true");
    if (kind === "button") input.addEventListener("click", () => send(model.get("place") + 1));
    // While a slider moves only its words follow; the figure is drawn when it rests.
    input.addEventListener("input", say);
    input.addEventListener("change", () => send(kind === "tick" ? Number(input.checked) : Number(input.value)));
    const listen = { "change:place": place, "change:words": draw, "change:description": draw };
    for (const [event, act] of Object.entries(listen)) model.on(event, act);
    draw();
    return () => Object.entries(listen).forEach(([event, act]) => model.off(event, act));
  },
};
"""
LOOKS = """
.workshop-control { display: flex; flex-wrap: wrap; align-items: center; gap: 0.2em 0.8em; padding: 0.2em 0; max-width: 46em;
  font-size: var(--jp-widgets-font-size, 13px); color: var(--jp-widgets-label-color, inherit); }
.workshop-control label { flex: 0 1 16em; }
.workshop-control select, .workshop-control button { font: inherit; min-height: 28px; padding: 0.2em 0.6em; color: inherit;
  background: var(--jp-layout-color1, white); border: 1px solid var(--jp-border-color0, #767676); border-radius: 3px; }
.workshop-control select { flex: 0 1 auto; max-width: 100%; }
.workshop-control button { cursor: pointer; }
.workshop-control input { flex: 1 1 11em; min-width: 8em; height: 24px; accent-color: #0072B2; }
.workshop-control output { flex: 0 0 10em; font-variant-numeric: tabular-nums; }
.workshop-control.workshop-tick { flex-wrap: nowrap; gap: 0.5em; align-items: start; }
.workshop-control.workshop-tick label { flex: 1; }
.workshop-control.workshop-tick input { flex: none; min-width: 0; width: 16px; height: 16px; margin: 0.1em 0; }
.workshop-control :focus-visible { outline: 2px solid #0072B2; outline-offset: 2px; }
"""


class Scale(anywidget.AnyWidget):
    """One of several `options`, pairs of words and value. `value` can be read, set and observed."""

    _esm, _css = SCRIPT, LOOKS
    kind = traitlets.Unicode().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    words = traitlets.List(traitlets.Unicode()).tag(sync=True)
    place = traitlets.Int().tag(sync=True)
    value = traitlets.Any()

    def __init__(self, description, options, value=None):
        self.options = tuple(options)
        self.values = [one for _, one in self.options]
        start = 0 if value is None else self.values.index(value)
        super().__init__(
            description=description, words=[words for words, _ in self.options], place=start, value=self.values[start]
        )

    @traitlets.validate("place")
    def _stays_among_the_options(self, proposal):
        return min(max(proposal.value, 0), len(self.values) - 1)

    @traitlets.observe("place")
    def _moved(self, change):
        self.value = self.values[change.new]

    @traitlets.observe("value")
    def _set(self, change):
        self.place = self.values.index(change.new)


class Choice(Scale):
    """A list to choose from."""

    kind = traitlets.Unicode("choice").tag(sync=True)


class Slider(Scale):
    """A slider, for options that have an order."""

    kind = traitlets.Unicode("slider").tag(sync=True)


class Tick(Scale):
    """A box to tick: its value is True or False."""

    kind = traitlets.Unicode("tick").tag(sync=True)

    def __init__(self, description, value=False):
        super().__init__(description, [("no", False), ("yes", True)], value)


class Button(anywidget.AnyWidget):
    """A button that calls `act` when it is pressed."""

    _esm, _css = SCRIPT, LOOKS
    kind = traitlets.Unicode("button").tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    place = traitlets.Int(0).tag(sync=True)

    def __init__(self, description, act):
        super().__init__(description=description)
        self.observe(lambda change: act(), names="place")

    def press(self):
        """What a click does."""
        self.place += 1
