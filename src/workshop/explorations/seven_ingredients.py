"""Seven ingredients that the notes call a surefire way: how often did a mass killing follow all the same?

The kit keeps the counts alone, `data/tables/ingredients_followed.csv`; `workshop.explorations.counts.onsets.extract`
made them. Its `measures` are:

- `rule_of_law`: World Bank, Worldwide Governance Indicators 2024, `estimate` of indicator rl; a missing year takes the
  value before.
- `security`: Fariss and others 2020, human rights protection, as passed on by Our World in Data.
- `non_discrimination`, `treaties`, `accountability`: whether the state was a party in that year (UN Treaty Collection;
  Convention on Racial Discrimination from 1969, Genocide Convention from 1951, Rome Statute from 2002, less the states
  that left).
- `diversity`: Ethnic Power Relations 2021, 1 less `lexclpop`.
- `growth` and `income`: World Bank, NY.GDP.PCAP.KD; growth is the yearly average of the five years before.
"""

from matplotlib.axes import Axes

from workshop.content.tables import table
from workshop.explorations.counts import onsets
from workshop.explorations.counts.onsets import NOT_ALONE, PARTIES, TERMS, THIRDS, Measure
from workshop.explorations.kit.interactive import Explored
from workshop.explorations.kit.widgets import Choice
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, ORANGE

INGREDIENTS = {
    "rule_of_law": Measure(
        "Rule of law",
        "rule of law score",
        "the World Bank’s score of the rule of law",
        "The score gathers the opinions of experts, firms and households. Which court or law did what is not in it.",
        THIRDS,
        1996,
        ["SRC_WGI_2024"],
    ),
    "security": Measure(
        "Legitimate security sectors",
        "human rights score",
        "a score of how safe people are from killing, torture and disappearance by their state",
        "The score says what forces do. Who oversees them and who is recruited is not in it. A state that is about to "
        "kill has often begun to jail and torture before, so a low score may be the first sign rather than the cause.",
        THIRDS,
        1946,
        ["SRC_FARISS_2020"],
    ),
    "non_discrimination": Measure(
        "Legislation for non-discrimination",
        "Convention on Racial Discrimination",
        "being a party to the Convention on Racial Discrimination",
        "To join is to promise such laws. Whether they were made, and whether anybody applies them, is not in it.",
        PARTIES,
        1969,
        ["SRC_UNTC_2015", "SRC_WPD_2022"],
    ),
    "treaties": Measure(
        "Accession to international humanitarian law",
        "Genocide Convention",
        "being a party to the Genocide Convention",
        "This is a stand-in. Practically every state has joined the Geneva Conventions of 1949, so they cannot tell "
        "states apart, and the years of joining their protocols of 1977 are not in our data. The Genocide Convention "
        "is a treaty on one crime, not humanitarian law.",
        PARTIES,
        1951,
        ["SRC_UNTC_2015", "SRC_UNTC_2024", "SRC_WIKI_GENOCIDE_PARTIES", "GC-1949", "AP-1977"],
    ),
    "diversity": Measure(
        "Constructive diversity management",
        "few shut out of power",
        "the share of people whose ethnic group is not shut out of central power",
        "Experts judge who has a say in the capital. Language rights, fair hiring and daily life are not in it. Where "
        "ethnic groups play no part in politics, nobody counts as shut out.",
        THIRDS,
        1946,
        ["SRC_EPR_2021"],
    ),
    "accountability": Measure(
        "Accountability and non-impunity",
        "Rome Statute",
        "being a party to the Rome Statute of the International Criminal Court",
        "To join a court is not yet to hold anybody to account at home. States with something to fear may stay away, "
        "so the difference may come from who joins.",
        PARTIES,
        2002,
        ["SRC_UNTC_2015", "SRC_ICC_ASP_2025", "SRC_WIKI_ROME_PARTIES"],
    ),
    "growth": Measure(
        "Growing economies",
        "growth over five years",
        "growth of income per head over the five years before",
        "Growth is not wealth, and it does not say who gains. States at war, or closed to others, often publish no "
        "figures.",
        THIRDS,
        1965,
        ["SRC_WDI_2025"],
    ),
    "income": Measure(
        "For comparison: income",
        "income per head",
        "income per head, in prices of 2015",
        "Wealth goes together with old institutions, long peace and much else. It is not in the notes, and stands "
        "here because growth and wealth are easily confused.",
        THIRDS,
        1960,
        ["SRC_WDI_2025"],
    ),
}
SIDE_BY_SIDE = "all"
OFFERED = ("mass_killing", "genocide_politicide")


def view(
    ingredient: str = "rule_of_law", ahead: int = 5, listed: str = "mass_killing", period: str = ""
) -> figures.FigureView:
    """The figure: how often a start followed, for one ingredient in thirds or by yes and no, or for all of them side
    by side.
    """
    if ingredient == SIDE_BY_SIDE:
        return all_of_them(ahead, listed, period)
    return onsets.view(
        table("ingredients_followed"), ingredient, INGREDIENTS[ingredient], ahead, listed, period, OFFERED
    )


def all_of_them(ahead: int, listed: str, period: str) -> figures.FigureView:
    rows = table("ingredients_followed")
    rows = rows[(rows["list"] == listed) & (rows["years_ahead"] == ahead)]
    found = {key: onsets.counts(rows, key, listed, period, ahead) for key in INGREDIENTS}
    shown = {key: counts for key, counts in found.items() if onsets.ends(counts)}

    def draw(axes: Axes) -> None:
        for line, counts in enumerate(shown.values()):
            for (looks, hits, _), shift, colour, marker in zip(
                onsets.outer(counts), (-0.14, 0.14), (ORANGE, BLUE), ("s", "o"), strict=True
            ):
                low, high = onsets.wilson(hits, looks)
                axes.plot(
                    [low, high],
                    [line + shift] * 2,
                    color=colour,
                    linewidth=2,
                    linestyle="-" if marker == "o" else (0, (4, 1)),
                )
                axes.plot(
                    100 * hits / looks,
                    line + shift,
                    marker=marker,
                    markersize=8,
                    color=colour,
                    linestyle="none",
                    label=None
                    if line
                    else "least of it: lowest third, or not a party"
                    if marker == "s"
                    else "most of it: highest third, or party",
                )
        axes.set_yticks(
            range(len(shown)), [f"{INGREDIENTS[key].name}\n({INGREDIENTS[key].short})" for key in shown], fontsize=10.5
        )
        axes.set_ylim(len(shown) - 0.5, -0.5)
        axes.set_xlim(left=0)
        axes.set_xlabel(
            f"Percent of looks after which one began within {onsets.years(ahead)},\nwith the range in which the share "
            "could well lie"
        )
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
        axes.figure.legend(loc="outside upper left", fontsize=11, handlelength=1.6)
        if "income" in shown:
            axes.get_yticklabels()[list(shown).index("income")].set_color(GREY)

    of_the_notes = {key: counts for key, counts in shown.items() if key != "income"}
    also = [key for key, counts in of_the_notes.items() if onsets.outer(counts)[1][1]]
    lower = [key for key, counts in of_the_notes.items() if onsets.share(counts, 1) < onsets.share(counts, 0)]
    clear = [key for key in lower if onsets.clear(of_the_notes[key])]
    missing = [INGREDIENTS[key].short for key in found if key not in shown]
    of = len(of_the_notes)
    return figures.FigureView(
        figures.Drawing(draw, height=6.0, source="Own count from public data; the sources stand below"),
        title=f"Side by side: in {len(also)} of {of} ingredients a {TERMS[listed]} also began where there was most of "
        "it",
        alt="For each ingredient two marks with a range: the share of looks followed by the start of a "
        f"{TERMS[listed]} where there was least of it and where there was most. "
        + "; ".join(
            f"{INGREDIENTS[key].name} ({INGREDIENTS[key].short}): "
            f"{' and '.join(onsets.percent(hits, looks) for looks, hits, _ in onsets.outer(counts))} "
            "percent"
            for key, counts in shown.items()
        )
        + ".",
        note=f"Of {of} ingredients, {len(lower)} show a lower share where there was most of it; in "
        f"{len(clear) or 'none'} of these the difference is larger than chance alone would often make. "
        + (
            f"None is a sure protection: in {len(also)} of them it happened at the top as well"
            if also
            else "None was counted at the top"
        )
        + (", and in the rest the starts are too few to tell." if len(also) < of else ".")
        + (
            f" Not shown, because the measure begins too late for this choice: {' and '.join(missing)}."
            if missing
            else ""
        ),
        keys=[*(key for ingredient in shown for key in INGREDIENTS[ingredient].keys), onsets.LISTS[listed][0]],
        remarks=[
            "Do not read the rows as a contest: each measure covers other years and other states, and each is a rough "
            "stand-in. Choose an ingredient above to see what its measure is not.",
            onsets.how(ahead, listed),
            NOT_ALONE,
        ],
        table=(
            [
                "Ingredient",
                "What stands for it",
                "Where there was least",
                "Where there was most",
                "Starts in the picture",
            ],
            [
                [
                    INGREDIENTS[key].name,
                    INGREDIENTS[key].short,
                    *(f"{hits} of {looks:,}" for looks, hits, _ in onsets.outer(counts)),
                    sum(counts[group][2] for group in counts if group in onsets.GROUPS),
                ]
                for key, counts in shown.items()
            ],
        ),
    )


def explored() -> Explored:
    """Which ingredients went together with fewer mass killings, and did any of them exclude it?"""
    names = [(known.name, key) for key, known in INGREDIENTS.items()]
    return Explored(
        view,
        {
            "ingredient": Choice("Ingredient", [*names, ("All of them side by side", SIDE_BY_SIDE)]),
            **onsets.choices(OFFERED),
        },
    )
