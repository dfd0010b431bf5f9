"""Controls that say their name and work by keyboard inside JupyterLab: a choice, a slider, a tick, a button.

The sliders of ipywidgets have no name for people who hear the page, JupyterLab takes the arrow keys away from
its lists and the Enter key from its buttons, and its checkboxes cut long words short.
"""

import traitlets

from workshop.cards.widget import Widget, stub


class Scale(Widget):
    """One of several `options`, pairs of words and value. `value` can be read, set and observed."""

    _esm = stub("control")
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


class Button(Widget):
    """A button that calls `act` when it is pressed."""

    _esm = stub("control")
    kind = traitlets.Unicode("button").tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    place = traitlets.Int(0).tag(sync=True)

    def __init__(self, description, act):
        super().__init__(description=description)
        self.observe(lambda change: act(), names="place")

    def press(self):
        """What a click does."""
        self.place += 1
