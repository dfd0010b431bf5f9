"""What participants turn and move in a lesson: a few controls and one figure that answers.

Each exploration is a pure function of its inputs that returns the view of a figure (`who_pays`, `break_even`,
`at_the_table`, `armed_groups`), and a few lines here that give it controls. The figure stays the same card;
only what it shows changes, so nothing flickers and the place on the page is kept.
"""

import ipywidgets as widgets

from workshop import armed_groups, at_the_table, break_even, who_pays
from workshop.controls import Button, Choice, Slider, Tick


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


def who_pays_explored():
    """What share of the UN's political and mediation work is paid voluntarily? It depends on what is counted."""
    controls = {
        "show": Choice("What to look at", [("The voluntary share", "share"), ("The appeal, year by year", "appeal")]),
        "counted": Choice("What is counted", [(label, key) for key, label in who_pays.COUNTED.items()]),
    }

    def only_where_it_matters(change):
        controls["counted"].layout.display = "none" if change["new"] == "appeal" else None

    controls["show"].observe(only_where_it_matters, names="value")
    return wired(who_pays.view, controls)


def break_even_explored():
    """How likely must a measure be to work, to be worth its cost?"""
    money = [(f"{amount:,} million crowns", amount) for amount in (10, 20, 40, 80, 160, 320, 640, 1280, 2560)]
    doubt = [("known exactly", 1), ("half to double", 2), ("a fifth to five times", 5), ("a tenth to ten times", 10)]
    controls = {
        "show": Choice("What to look at", [("Our own small model", "model"), ("Published model ranges", "published")]),
        "cost": slider("Cost of the measure", 1, 100, 10, "million crowns"),
        "damage": Slider("Damage it would avoid", money, 160),
        "doubt": Slider("How well that damage is known", doubt, 5),
        "chance": slider("Chance that the measure works", 0, 100, 40, "percent"),
    }

    def only_where_it_matters(change):
        for name in ("cost", "damage", "doubt", "chance"):
            controls[name].layout.display = "none" if change["new"] == "published" else None

    controls["show"].observe(only_where_it_matters, names="value")
    return wired(break_even.view, controls)


def at_the_table_explored():
    """Which risks does nobody at the table see? Start with the foreign ministry alone."""
    offices = at_the_table.offices()
    controls = {office: Tick(name, office == at_the_table.START) for office, name in offices.items()}

    def draw(**seated):
        return at_the_table.view([office for office, sits in seated.items() if sits])

    grid = widgets.GridBox(
        list(controls.values()),
        layout={"grid_template_columns": "repeat(auto-fill, minmax(min(15em, 100%), 1fr))", "max_width": "60em"},
    )
    question = widgets.HTML("Which offices of Meridia sit at the table?")

    def seat(wanted):
        # Fourteen boxes change at once, and the figure should be drawn once.
        box.paused.append(True)
        for office, control in controls.items():
            control.value = wanted(office)
        box.paused.clear()
        box.follow()

    every = Button("Everybody sits", lambda: seat(lambda office: True))
    alone = Button("Foreign ministry alone", lambda: seat(lambda office: office == at_the_table.START))
    box = wired(draw, controls, above=[question, grid, widgets.HBox([every, alone], layout={"flex_flow": "row wrap"})])
    return box


def armed_groups_explored():
    """How many armed groups fought a government each year? It depends on how one counts."""
    regions = [("The world", armed_groups.WORLD), *((name, name) for name in armed_groups.SHOWN)]
    controls = {
        "region": Choice("Region", regions),
        "what": Choice("How to count", [(label, key) for key, label in armed_groups.COUNTED.items()]),
        "year": slider("Year to compare with 2005", armed_groups.FIRST, armed_groups.LAST, armed_groups.LAST),
    }
    return wired(armed_groups.view, controls)


EXPLORATIONS = {
    "who-pays": who_pays_explored,
    "break-even": break_even_explored,
    "at-the-table": at_the_table_explored,
    "armed-groups": armed_groups_explored,
}
