"""Seven ingredients that the notes call a surefire way: how often did a mass killing follow all the same?

The kit keeps the counts alone, `data/tables/ingredients_followed.csv`; `workshop.followed.extract` made them. Its `measures` are:

- `rule_of_law`: World Bank, Worldwide Governance Indicators 2024, `estimate` of indicator rl; a missing year takes the value before.
- `security`: Fariss and others 2020, human rights protection, as passed on by Our World in Data.
- `non_discrimination`, `treaties`, `accountability`: whether the state was a party in that year (UN Treaty Collection; Convention on
  Racial Discrimination from 1969, Genocide Convention from 1951, Rome Statute from 2002, less the states that left).
- `diversity`: Ethnic Power Relations 2021, 1 less `lexclpop`.
- `growth` and `income`: World Bank, NY.GDP.PCAP.KD; growth is the yearly average of the five years before.
"""

from workshop import figures, followed
from workshop.controls import Choice
from workshop.figures import BLUE, GREY, ORANGE, SKY
from workshop.followed import LISTED, NOT_ALONE, PERIODS, TERMS, WINDOWS
from workshop.tables import table
from workshop.wiring import wired

THIRDS = {"least": "lowest third", "middle": "middle third", "most": "highest third"}
PARTIES = {"no": "not a party", "yes": "party"}
# Name in the notes, what stands for it in short and in full, what that is not, its groups, its first year, its sources.
INGREDIENTS = {
    "rule_of_law": (
        "Rule of law", "rule of law score", "the World Bank’s score of the rule of law",
        "The score gathers the opinions of experts, firms and households. Which court or law did what is not in it.",
        THIRDS, 1996, ["SRC_WGI_2024"]),
    "security": (
        "Legitimate security sectors", "human rights score", "a score of how safe people are from killing, torture and disappearance by their state",
        "The score says what forces do. Who oversees them and who is recruited is not in it. A state that is about to kill has often begun to "
        "jail and torture before, so a low score may be the first sign rather than the cause.",
        THIRDS, 1946, ["SRC_FARISS_2020"]),
    "non_discrimination": (
        "Legislation for non-discrimination", "Convention on Racial Discrimination", "being a party to the Convention on Racial Discrimination",
        "To join is to promise such laws. Whether they were made, and whether anybody applies them, is not in it.",
        PARTIES, 1969, ["SRC_UNTC_2015", "SRC_WPD_2022"]),
    "treaties": (
        "Accession to international humanitarian law", "Genocide Convention", "being a party to the Genocide Convention",
        "This is a stand-in. Practically every state has joined the Geneva Conventions of 1949, so they cannot tell states apart, and the years of "
        "joining their protocols of 1977 are not in our data. The Genocide Convention is a treaty on one crime, not humanitarian law.",
        PARTIES, 1951, ["SRC_UNTC_2015", "SRC_UNTC_2024", "SRC_WIKI_GENOCIDE_PARTIES", "GC-1949", "AP-1977"]),
    "diversity": (
        "Constructive diversity management", "few shut out of power", "the share of people whose ethnic group is not shut out of central power",
        "Experts judge who has a say in the capital. Language rights, fair hiring and daily life are not in it. Where ethnic groups play no part "
        "in politics, nobody counts as shut out.",
        THIRDS, 1946, ["SRC_EPR_2021"]),
    "accountability": (
        "Accountability and non-impunity", "Rome Statute", "being a party to the Rome Statute of the International Criminal Court",
        "To join a court is not yet to hold anybody to account at home. States with something to fear may stay away, so the difference may come "
        "from who joins.",
        PARTIES, 2002, ["SRC_UNTC_2015", "SRC_ICC_ASP_2025", "SRC_WIKI_ROME_PARTIES"]),
    "growth": (
        "Growing economies", "growth over five years", "growth of income per head over the five years before",
        "Growth is not wealth, and it does not say who gains. States at war, or closed to others, often publish no figures.",
        THIRDS, 1965, ["SRC_WDI_2025"]),
    "income": (
        "For comparison, not in the notes", "income per head", "income per head, in prices of 2015",
        "Wealth goes together with old institutions, long peace and much else. It is here because growth and wealth are easily confused.",
        THIRDS, 1960, ["SRC_WDI_2025"]),
}
SIDE_BY_SIDE = "all"
LISTS = {"mass_killing": "Mass killings, 1945 to 2024", "genocide_politicide": "Genocides and politicides, 1955 to 2014"}
MANY = {"mass_killing": "mass killings", "genocide_politicide": "genocides and politicides"}
FILLED = {"least": ORANGE, "middle": SKY, "most": BLUE, "no": ORANGE, "yes": BLUE}


def view(ingredient="rule_of_law", ahead=5, listed="mass_killing", period=""):
    """The figure: how often a start followed, for one ingredient in thirds or by yes and no, or for all of them side by side."""
    if ingredient == SIDE_BY_SIDE:
        return all_of_them(ahead, listed, period)
    name, short, measure, limit, labels, first, keys = INGREDIENTS[ingredient]
    rows = table("ingredients_followed")
    found = followed.counts(rows, ingredient, listed, period, ahead)
    keys = [*keys, *(followed.LISTS[key][0] for key in sorted(LISTS, key=lambda key: key != listed))]
    if not followed.ends(found):
        return nothing(short, measure, first, keys)
    low, high = followed.ends(found)
    names = {group: label[0].upper() + label[1:] for group, label in labels.items()}
    where = "among parties" if high == "yes" else "in the highest third"
    return figures.render(
        figures.drawing(lambda axes: followed.draw_groups(axes, found, names, FILLED, ahead), height=3.9 if len(labels) == 3 else 3.2,
                        source="Own count from public data; the sources stand below"),
        title=f"{short[0].upper() + short[1:]}: a start followed {times(found[low])} {'outside it' if low == 'no' else 'in the lowest third'}, "
              f"{times(found[high])} {'inside' if high == 'yes' else 'in the highest'}",
        alt=f"Bars: of looks at states by {measure}, how many were followed by the start of a {TERMS[listed]} within {followed.years(ahead)}. "
            + "; ".join(f"{names[group]}: {hits} of {looks:,}, {followed.percent(hits, looks)} percent"
                        for group, (looks, hits, _) in found.items() if group in names) + ".",
        note=" ".join([followed.fall(found), followed.at_the_top(found, where), followed.stands_on(found, TERMS[listed]),
                       other_list(rows, ingredient, ahead, listed, period)]),
        keys=keys,
        remarks=[f"“{name}”, in the words of the notes. What stands for it here: {measure}, known from {first}. {limit}", how(ahead, listed), NOT_ALONE],
        table=followed.books(found, names),
    )


def times(group):
    looks, hits, _ = group
    return f"{ {0: 'never', 1: 'once', 2: 'twice'}.get(hits, f'{hits} times')} in {looks:,} looks"


def other_list(rows, ingredient, ahead, listed, period):
    """What the other list says of the same question."""
    other = next(key for key in LISTS if key != listed)
    found = followed.counts(rows, ingredient, other, period, ahead)
    if not followed.ends(found):
        return "The other list has too few years to say the same or the opposite."
    (looks, hits, _), (looks_top, hits_top, _) = (found[end] for end in followed.ends(found))
    bottom, top = ("outside the treaty", "among parties") if "yes" in found else ("in the lowest third", "in the highest")
    return f"By the other list, of {MANY[other]}: {hits} of {looks:,} {bottom}, {hits_top} of {looks_top:,} {top}."


def how(ahead, listed):
    """What a look is, and which list it goes by."""
    every = "every year" if ahead == 1 else f"every {ahead} years"
    return (f"A look is one state in one year, taken {every}, so that no start counts twice. States where one was going on already are left out, "
            f"for the question is what came next where it was quiet. {LISTED[listed]}")


def nothing(short, measure, first, keys):
    """The view where the measure has no years in the chosen period."""
    def draw(axes):
        axes.text(0.5, 0.5, f"This measure begins in {first}:\ntoo few years for this choice.", ha="center", va="center", fontsize=13, color=GREY)
        axes.set_axis_off()

    return figures.render(
        figures.drawing(draw, height=2.4), title=f"{short[0].upper() + short[1:]}: no figure for this choice",
        alt=f"An empty figure: {measure} is known from {first} only.",
        note=f"The measure begins in {first}, so there is nothing to count here. Choose another period, or fewer years ahead.",
        keys=keys, remarks=["No figure is not a figure of nought."],
        table=(["What", "From"], [[measure, first]]),
    )


def all_of_them(ahead, listed, period):
    rows = table("ingredients_followed")
    rows = rows[(rows["list"] == listed) & (rows["years_ahead"] == ahead)]
    found = {key: followed.counts(rows, key, listed, period, ahead) for key in INGREDIENTS}
    shown = {key: counts for key, counts in found.items() if followed.ends(counts)}

    def draw(axes):
        for line, (key, counts) in enumerate(shown.items()):
            for group, shift, colour, marker in zip(followed.ends(counts), (-0.14, 0.14), (ORANGE, BLUE), ("s", "o"), strict=True):
                looks, hits, _ = counts[group]
                low, high = followed.wilson(hits, looks)
                axes.plot([low, high], [line + shift] * 2, color=colour, linewidth=2, linestyle="-" if marker == "o" else (0, (4, 1)))
                axes.plot(100 * hits / looks, line + shift, marker=marker, markersize=8, color=colour, linestyle="none",
                          label=None if line else "least of it: lowest third, or not a party" if marker == "s" else "most of it: highest third, or party")
        axes.set_yticks(range(len(shown)), [f"{INGREDIENTS[key][0]}\n({INGREDIENTS[key][1]})" for key in shown], fontsize=10.5)
        axes.set_ylim(len(shown) - 0.5, -0.5)
        axes.set_xlim(left=0)
        axes.set_xlabel(f"Percent of looks followed by a start within {followed.years(ahead)},\nwith the range in which the share could well lie")
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
        axes.figure.legend(loc="outside upper left", fontsize=11, handlelength=1.6)
        if "income" in shown:
            axes.get_yticklabels()[list(shown).index("income")].set_color(GREY)

    of_the_notes = {key: counts for key, counts in shown.items() if key != "income"}
    also = [key for key, counts in of_the_notes.items() if counts[followed.ends(counts)[1]][1]]
    lower = [key for key, counts in of_the_notes.items() if followed.share(counts, 1) < followed.share(counts, 0)]
    clear = [key for key in lower if followed.apart(of_the_notes[key])]
    missing = [INGREDIENTS[key][1] for key in found if key not in shown]
    of = len(of_the_notes)
    return figures.render(
        figures.drawing(draw, height=6.0, source="Own count from public data; the sources stand below"),
        title=f"Side by side: in {len(also)} of {of} ingredients it also happened where there was most of it",
        alt=f"For each ingredient two marks with a range: the share of looks followed by the start of a {TERMS[listed]} where there was least of it "
            "and where there was most. " + "; ".join(
                f"{INGREDIENTS[key][0]} ({INGREDIENTS[key][1]}): {' and '.join(followed.percent(counts[group][1], counts[group][0]) for group in followed.ends(counts))} percent"
                for key, counts in shown.items()) + ".",
        note=f"Of {of} ingredients, {len(lower)} show a lower share where there was most of it; for {len(clear) or 'none'} of these the ranges lie apart. "
             + (f"None is a sure protection: in {len(also)} of them it happened at the top as well" if also else "None was counted at the top")
             + (", and in the rest the starts are too few to tell." if len(also) < of else ".")
             + (f" Not shown, because the measure begins too late for this choice: {' and '.join(missing)}." if missing else ""),
        keys=[*(key for ingredient in shown for key in INGREDIENTS[ingredient][6]), followed.LISTS[listed][0]],
        remarks=["Do not read the rows as a contest: each measure covers other years and other states, and each is a rough stand-in. Choose an "
                 "ingredient above to see what its measure is not.", how(ahead, listed), NOT_ALONE],
        table=(["Ingredient", "What stands for it", "Where there was least", "Where there was most", "Starts in the picture"],
               [[*INGREDIENTS[key][:2],
                 *(f"{counts[group][1]} of {counts[group][0]:,}" for group in followed.ends(counts)),
                 sum(counts[group][2] for group in counts if group in followed.GROUPS)] for key, counts in shown.items()]),
    )


def explored():
    """Which ingredients went together with fewer mass killings, and did any of them exclude it?"""
    names = [(name, key) for key, (name, *_) in INGREDIENTS.items()]
    controls = {
        "ingredient": Choice("Ingredient", [*names, ("All of them side by side", SIDE_BY_SIDE)]),
        "ahead": Choice("Years we look ahead", [("1 year" if ahead == 1 else f"{ahead} years", ahead) for ahead in WINDOWS], 5),
        "listed": Choice("List of episodes", [(name, key) for key, name in LISTS.items()]),
        "period": Choice("Period", [(name, key) for key, name in PERIODS.items()]),
    }
    return wired(view, controls)
