"""Do states that share power start fewer mass killings? The nearest that data come to inclusive national ideologies.

No table measures what a state says it is; these measures say who sits in power. The kit keeps the counts alone, made by
`workshop.explorations.counts.onsets.extract`. The `measures` are:

- `included` and `no_group_held_down`, in `data/tables/inclusion_followed.csv`: Ethnic Power Relations 2021, 1 less
  `lexclpop`; yes where `ldiscrimpop` is nought, else no.
- `power_shared`, in `data/tables/power_shared_followed.csv`: V-Dem 2025, `v2pepwrsoc_ord`: least for 0 and 1, middle
  for 2, most for 3 and 4. That table stands apart, because V-Dem asks that what is built on it carries its licence, CC
  BY-SA 4.0.
"""

from workshop.content.tables import table
from workshop.explorations.counts import onsets
from workshop.explorations.counts.onsets import THIRDS, Measure
from workshop.explorations.kit.interactive import Explored
from workshop.explorations.kit.widgets import Choice
from workshop.render import figures

OFFERED = ("mass_killing", "mass_killing_by_group", "genocide_politicide")
NO_MEASURE = (
    "No table measures an ideology: what a state says of itself in schools, speeches and its anthem is not counted "
    "here. Counted is who sits in power, and the one may exist without the other."
)
MEASURES = {
    "included": Measure(
        "Few people shut out of central power",
        "seats in central power",
        "the share of people whose ethnic group is not shut out of central power",
        "Experts judge who has a say in the capital; a seat may be a seat without a voice. Where ethnic groups play no "
        "part in politics, nobody counts as shut out. Parties, classes and regions are not in it.",
        THIRDS,
        1946,
        ["SRC_EPR_2021"],
    ),
    "no_group_held_down": Measure(
        "No ethnic group held down on purpose",
        "discrimination",
        "whether some ethnic group is kept out of politics on purpose",
        "It is about politics in law and in fact, not about work, schools or language. One small group is enough for "
        "the upper bar.",
        (
            {"no": "Some group is\nheld down", "yes": "No group is\nheld down"},
            "where some group is held down",
            "where no group is",
        ),
        1946,
        ["SRC_EPR_2021"],
    ),
    "power_shared": Measure(
        "Power shared by social groups",
        "power shared by groups",
        "how far political power is shared by social groups, in five steps",
        "Experts answer one question on castes, ethnic groups, languages, regions and religions together. They look "
        "back, and may know what came after.",
        (
            {"least": "Lowest two steps", "middle": "Middle step", "most": "Highest two steps"},
            "in the lowest two steps",
            "in the highest two",
        ),
        1960,
        ["SRC_VDEM_15"],
    ),
}
TABLES = {
    "included": "inclusion_followed",
    "no_group_held_down": "inclusion_followed",
    "power_shared": "power_shared_followed",
}


def view(
    measure: str = "included", ahead: int = 5, listed: str = "mass_killing", period: str = ""
) -> figures.FigureView:
    """The figure: how often a start followed, where power was shared less and more."""
    return onsets.view(table(TABLES[measure]), measure, MEASURES[measure], ahead, listed, period, OFFERED, [NO_MEASURE])


def explored() -> Explored:
    """Where power is shared, do fewer mass killings follow? Mostly, and it depends on what is counted; rarely are
    there none.
    """
    return Explored(
        view,
        {
            "measure": Choice("What is measured", [(known.name, key) for key, known in MEASURES.items()]),
            **onsets.choices(OFFERED),
        },
    )
