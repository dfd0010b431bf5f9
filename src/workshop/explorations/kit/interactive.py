"""Controls above one figure that answers them. The figure stays the same card; only what it shows changes,
so nothing flickers and the place on the page is kept.
"""

import ipywidgets as widgets

from workshop.explorations.kit.widgets import Slider, Tick


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
    from workshop.cards.widget import Card  # brings the browser module along, which drawing alone does not need

    card = Card(Exploration(draw, controls))
    paused = []

    def follow(_change=None):
        if not paused:
            card.refresh()

    for control in controls.values():
        control.observe(follow, names="value")

    def tick(wanted):
        # Many boxes change at once, and the figure should be drawn once.
        paused.append(True)
        for name, control in controls.items():
            if isinstance(control, Tick) and name in wanted:
                control.value = wanted[name]
        paused.clear()
        follow()

    box = widgets.VBox([*(above or controls.values()), card])
    box.card, box.controls, box.tick = card, controls, tick
    return box


def side_by_side(ticks):
    """Boxes to tick, as many in a row as the page has room for."""
    return widgets.GridBox(
        list(ticks),
        layout={"grid_template_columns": "repeat(auto-fill, minmax(min(15em, 100%), 1fr))", "max_width": "60em"},
    )


def in_a_row(*buttons):
    """Buttons in a row that breaks on a narrow page."""
    return widgets.HBox(buttons, layout={"flex_flow": "row wrap"})


def slider(description, low, high, value, unit=""):
    """A slider over all whole numbers from `low` to `high`."""
    return Slider(description, [(f"{number} {unit}".strip(), number) for number in range(low, high + 1)], value)
