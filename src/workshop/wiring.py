"""Controls above one figure that answers them. The figure stays the same card; only what it shows changes,
so nothing flickers and the place on the page is kept.
"""

import ipywidgets as widgets

from workshop.controls import Slider


class Exploration:
    """The object behind a figure card: it shows what `draw` makes of the controls, by the controls' names."""

    def __init__(self, draw, controls):
        self.draw, self.controls = draw, controls

    def view(self):
        return self.draw(**{name: control.value for name, control in self.controls.items()})

    def handle(self, request):
        """The figure itself has nothing to press, the controls above it do all: it stays as it is."""
        return self.view()


def wired(draw, controls, *, above=None):
    """The controls above one figure card that follows them; `above` arranges them, else they stand in a column."""
    from workshop.cards import Card  # brings the browser module along, which drawing alone does not need

    card = Card(Exploration(draw, controls))
    paused = []

    def follow(change=None):
        if not paused:
            card.refresh()

    for control in controls.values():
        control.observe(follow, names="value")
    box = widgets.VBox([*(above or controls.values()), card])
    box.card, box.controls, box.follow, box.paused = card, controls, follow, paused
    return box


def slider(description, low, high, value, unit=""):
    """A slider over all whole numbers from `low` to `high`."""
    return Slider(description, [(f"{number} {unit}".strip(), number) for number in range(low, high + 1)], value)
