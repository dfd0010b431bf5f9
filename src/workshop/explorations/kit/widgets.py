"""Controls that say their name and work by keyboard inside JupyterLab: a choice, a slider, a tick, a button.

The sliders of ipywidgets have no name for people who hear the page, JupyterLab takes the arrow keys away from
its lists and the Enter key from its buttons, and its checkboxes cut long words short.
"""

from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets  # type: ignore[import-untyped]
import traitlets

from workshop.cards.widget import Widget, stub


class Control(Widget):
    """What people set above a figure. It can be put away on its own, so it has a layout of its own."""

    _esm = stub("control")

    @traitlets.default("layout")
    def _layout(self) -> ipywidgets.Layout:
        return ipywidgets.Layout()

    def show(self, wanted: bool) -> None:
        """Show the control, or put it away while the figure does not use it."""
        self.layout.display = None if wanted else "none"


class Scale(Control):
    """One of several `options`, pairs of words and value. `value` can be read, set and observed."""

    kind = traitlets.Unicode().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    words = traitlets.List(traitlets.Unicode()).tag(sync=True)
    place = traitlets.Int().tag(sync=True)
    value = traitlets.Any()

    def __init__(self, description: str, options: Iterable[tuple[str, Any]], value: Any = None) -> None:
        self.options = tuple(options)
        self.values = [option for _, option in self.options]
        start = 0 if value is None else self.values.index(value)
        super().__init__(
            description=description, words=[words for words, _ in self.options], place=start, value=self.values[start]
        )

    @traitlets.validate("place")
    def _stays_among_the_options(self, proposal: Any) -> int:
        place: int = proposal.value
        return min(max(place, 0), len(self.values) - 1)

    @traitlets.observe("place")
    def _moved(self, change: Any) -> None:
        self.value = self.values[change.new]

    @traitlets.observe("value")
    def _set(self, change: Any) -> None:
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

    def __init__(self, description: str, value: bool = False) -> None:
        super().__init__(description, [("no", False), ("yes", True)], value)


class Button(Control):
    """A button that calls `act` when it is pressed."""

    kind = traitlets.Unicode("button").tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    place = traitlets.Int(0).tag(sync=True)

    def __init__(self, description: str, act: Callable[[], object]) -> None:
        super().__init__(description=description)
        self.observe(lambda _change: act(), names="place")

    def press(self) -> None:
        """What a click does."""
        self.place += 1
