"""Controls above one figure that answers them. The figure stays the same card; only what it shows changes,
so nothing flickers and the place on the page is kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from workshop.cards.widget import Card
from workshop.explorations.kit.widgets import Scale, Slider
from workshop.render.figures import FigureView

# What `observe` tells: the name of a trait, its old and its new value.
Change = Mapping[str, Any]
# `view` of an exploration, which takes the values of its controls by their names.
Draw = Callable[..., FigureView]


class Exploration:
    """The object behind a figure card: it shows what `draw` makes of the controls, by the controls' names."""

    def __init__(self, draw: Draw, controls: Mapping[str, Scale]) -> None:
        self.draw, self.controls = draw, controls

    def view(self) -> dict[str, Any]:
        """The figure as it is with the values that the controls have now."""
        return self.draw(**{name: control.value for name, control in self.controls.items()}).card()

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 (what every card is asked)
        """The figure itself has nothing to press, the controls above it do all: it stays as it is."""
        return self.view()


class Explored(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The controls above one figure card that follows them; `above` arranges them, else they stand in a column."""

    def __init__(
        self, draw: Draw, controls: Mapping[str, Scale], *, above: Sequence[widgets.Widget] | None = None
    ) -> None:
        self.card, self.controls = Card(Exploration(draw, controls)), dict(controls)
        self._many_change = False
        for control in controls.values():
            control.observe(self._follow, names="value")
        super().__init__([*(above or controls.values()), self.card])

    def tick(self, wanted: Mapping[str, bool]) -> None:
        """Set many boxes at once, and draw once."""
        self._many_change = True
        for name, ticked in wanted.items():
            self.controls[name].value = ticked
        self._many_change = False
        self._follow()

    def _follow(self, _change: object = None) -> None:
        if not self._many_change:
            self.card.refresh()


def side_by_side(ticks: Iterable[widgets.Widget]) -> widgets.GridBox:
    """Boxes to tick, as many in a row as the page has room for."""
    return widgets.GridBox(
        list(ticks),
        layout={"grid_template_columns": "repeat(auto-fill, minmax(min(15em, 100%), 1fr))", "max_width": "60em"},
    )


def in_a_row(*buttons: widgets.Widget) -> widgets.HBox:
    """Buttons in a row that breaks on a narrow page."""
    return widgets.HBox(buttons, layout={"flex_flow": "row wrap"})


def slider(description: str, low: int, high: int, value: int, unit: str = "") -> Slider:
    """A slider over all whole numbers from `low` to `high`."""
    return Slider(description, [(f"{number} {unit}".strip(), number) for number in range(low, high + 1)], value)
