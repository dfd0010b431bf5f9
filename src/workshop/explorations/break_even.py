"""A small model of our own: when is a measure worth its cost, if nobody can say how well it works?

A measure costs `cost`. With a `chance` (in percent) it works, and then a damage of `damage` does not happen.
What it is worth on average is chance times damage, less the cost.
"""

from matplotlib.axes import Axes

from workshop.content.tables import table
from workshop.explorations.kit.interactive import Change, Explored, slider
from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Choice, Slider
from workshop.render import figures
from workshop.render.figures import BLUE, INK, ORANGE, SKY

UNIT = "million crowns"


def needed_chance(cost: float, damage: float) -> float:
    """The chance in percent at which a measure just pays; above 100 it never does."""
    return 100 * cost / damage


def gain(cost: float, damage: float, chance: float) -> float:
    """What the measure is worth on average, after its cost."""
    return chance / 100 * damage - cost


def view(
    show: str = "model", cost: float = 10, damage: float = 160, doubt: float = 5, chance: float = 40
) -> figures.FigureView:
    """The figure: our model with its band, or the ranges that published models give."""
    return published() if show == "published" else model(cost, damage, doubt, chance)


def model(cost: float, damage: float, doubt: float, chance: float) -> figures.FigureView:
    low, high = damage / doubt, damage * doubt
    # The largest damage needs the smallest chance.
    easy, likely, hard = (needed_chance(cost, d) for d in (high, damage, low))
    worst, middle, best = (gain(cost, d, chance) for d in (low, damage, high))

    def draw(axes: Axes) -> None:
        ends = (0, 100)
        lows, highs = ([gain(cost, d, x) for x in ends] for d in (low, high))
        # Room for the range at the chance as set; the band may leave the picture elsewhere.
        top = max(1.1 * gain(cost, damage, 100), 1.12 * best, 0.6 * cost)
        bottom = -max(1.5 * cost, 0.12 * top)
        axes.set_xlim(0, 100)
        axes.set_ylim(bottom, top)
        axes.axhspan(bottom, 0, facecolor="#F6E8DF", linewidth=0, zorder=0, label="costs more than it is worth")
        axes.axhline(0, color=INK, linewidth=1.2)
        if doubt > 1:
            axes.fill_between(ends, lows, highs, facecolor=SKY, alpha=0.3, linewidth=0, label="range of the damage")
            for edge in (lows, highs):
                axes.plot(ends, edge, color=BLUE, linewidth=1.2, linestyle=":")
            axes.plot([easy, min(hard, 100)], [0, 0], color=INK, linewidth=5, solid_capstyle="butt", zorder=5)
            axes.plot([chance] * 2, [worst, best], color=ORANGE, linewidth=5, solid_capstyle="butt", zorder=4)
        axes.plot(ends, [gain(cost, damage, x) for x in ends], color=BLUE, linewidth=2.5, label="damage as set")
        axes.axvline(chance, color=ORANGE, linestyle=(0, (5, 3)), linewidth=1.6)
        axes.plot(
            [chance],
            [middle],
            marker="D",
            linestyle="none",
            color=ORANGE,
            markersize=9,
            zorder=7,
            label="chance as set" + (", with its range" if doubt > 1 else ""),
        )
        if likely <= 100:
            axes.plot(
                [likely],
                [0],
                marker="o",
                linestyle="none",
                color=INK,
                markersize=10,
                zorder=6,
                label="break-even" + (", with its range" if doubt > 1 else ""),
            )
        axes.set_xlabel("Chance that the measure works, percent")
        axes.set_ylabel(f"Worth on average, less the cost,\n{UNIT}")
        axes.figure.legend(loc="outside upper left", ncols=3, fontsize=11, handlelength=1.6, columnspacing=1.4)

    if likely >= 100:
        title = f"At a cost of {cost:,} and a damage of {damage:,} the measure does not pay, even if it always works"
    else:
        title = f"The measure pays when it works in more than {percent(likely)} of cases"
    band = f"If the damage is known only to lie between {number(low)} and {number(high)} {UNIT}, {between(easy, hard)}."
    return figures.FigureView(
        figures.Drawing(
            draw, height=4.6, source="Own teaching model, invented currency: not a finding about any country"
        ),
        title=title,
        alt="A rising line: what the measure is worth on average, for chances from 0 to 100 percent. It starts at "
        f"minus {cost} "
        f"and crosses zero {'at ' if likely <= 100 else ''}{sure(likely)}. At the chance as set, {chance} percent, it "
        f"is worth {number(middle)} {UNIT}"
        + (f", within a band from {number(worst)} to {number(best)}." if doubt > 1 else "."),
        note=(f"{band} " if doubt > 1 else "") + verdict(chance, worst, middle, best, doubt),
        keys=["OWN"],
        remarks=[
            "Our own model. It asks how likely a measure must be to work, because nobody knows how likely it is. "
            "It leaves out false alarms, delay, and everything that has no price."
        ],
        table=(
            [f"Damage, {UNIT}", "Break-even chance, percent", f"Worth at {chance} percent, {UNIT}"],
            [
                [
                    number(d),
                    percent(needed_chance(cost, d)).removesuffix(" percent") if d >= cost else "never",
                    number(gain(cost, d, chance)),
                ]
                for d in dict.fromkeys((low, damage, high))
            ],
        ),
    )


def between(easy: float, hard: float) -> str:
    """Where break-even lies, from the largest damage to the smallest, in words."""
    if easy > 100:
        return "the measure never pays"
    if hard > 100:
        return f"break-even lies at {percent(easy)} or above, or nowhere"
    return f"break-even lies between {percent(easy)} and {percent(hard)}"


def verdict(chance: float, worst: float, middle: float, best: float, doubt: float) -> str:
    """A sentence on sign and size at the chance that was set."""
    if doubt == 1:
        return f"At {chance} percent it is worth {number(middle)} {UNIT} on average after its cost."
    if worst > 0:
        return (
            f"At {chance} percent it pays everywhere in that range, but how much nobody can say: "
            f"from {number(worst)} to {number(best)} {UNIT}."
        )
    if best < 0:
        return f"At {chance} percent it loses everywhere in that range: from {number(worst)} to {number(best)} {UNIT}."
    return f"At {chance} percent even the sign is open: from {number(worst)} to {number(best)} {UNIT}."


def published() -> figures.FigureView:
    rows = table("cost_of_prevention")
    pathways = rows[rows["metric"] == "net savings from prevention"].iloc[0]
    low, high = float(pathways["value_low"]), float(pathways["value_high"])

    def draw(axes: Axes) -> None:
        axes.barh([0], [high - low], left=[low], height=0.5, facecolor=SKY, edgecolor=BLUE, hatch="//", linewidth=1.6)
        axes.axvline(0, color=INK, linewidth=1.2)
        for value, side in ((low, "right"), (high, "left")):
            axes.text(value + (-1 if side == "right" else 1), 0, f"{value:g}", ha=side, va="center", weight="bold")
        axes.text(
            (low + high) / 2,
            0.38,
            f"the top is {high / low:.0f} times the bottom",
            ha="center",
            va="bottom",
            fontsize=11,
        )
        axes.set_yticks([0], ["Pathways for\nPeace, 2018"])
        axes.set_ylim(-0.6, 0.8)
        axes.set_xlim(-10, 80)
        axes.set_xlabel("Net savings from prevention, world, billion US dollars a year")

    return figures.FigureView(
        figures.Drawing(
            draw, height=3.0, source="Source: UN and World Bank, Pathways for Peace, 2018, as reported by IISD"
        ),
        title=f"A world model: prevention could save between {low:g} and {high:g} billion US dollars a year",
        alt=f"One bar from {low:g} to {high:g} billion US dollars a year, wholly above zero; its top is "
        f"{high / low:.0f} times its bottom.",
        note="The sign is the same over the whole range, the size is not. The figures are for violent conflict in "
        "general and for the world: they do not say what one mechanism in one country will save.",
        keys=["SRC_IISD_2018", "PFP", "SRC_IEP_2017", "SIPRI17"],
        remarks=[
            "Two other texts speak of about 16 dollars of conflict cost avoided for each dollar spent: a ratio, so it "
            "has no place on this axis."
        ],
        table=(
            ["Study", "Year", "What", "From", "To", "Unit", "What to know", "Source"],
            [
                [
                    row.study,
                    int(row.year_published),
                    row.metric,
                    f"{row.value_low:g}",
                    f"{row.value_high:g}",
                    row.unit,
                    row.note,
                    row.source,
                ]
                for row in records(rows.fillna({"note": ""}))
            ],
        ),
    )


def number(value: float) -> str:
    """A number as a person would say it: no decimals from ten on."""
    text = f"{abs(value):,.0f}" if abs(value) >= 10 else f"{abs(value):.1f}".removesuffix(".0")
    return f"minus {text}" if value < 0 and text != "0" else text


def percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").removesuffix(".") + " percent"


def sure(value: float) -> str:
    return percent(value) if value <= 100 else "never, not even at 100 percent"


def explored() -> Explored:
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

    def only_where_it_matters(change: Change) -> None:
        for name in ("cost", "damage", "doubt", "chance"):
            controls[name].show(change["new"] != "published")

    controls["show"].observe(only_where_it_matters, names="value")
    return Explored(view, controls)
