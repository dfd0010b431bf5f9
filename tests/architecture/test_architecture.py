"""A drawn architecture shows its gaps, and never more than what was drawn."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import ROOT

from workshop.architecture import comparison
from workshop.architecture import model as architecture
from workshop.architecture.model import DECIDES, FUNCTIONS, LEVELS, MANDATE, analysed, read, walk
from workshop.content import tables

DRAFT = json.loads((ROOT / "data/canvas_examples.json").read_text(encoding="utf-8"))[0]["value"]


def office(name, **fields):
    return {"id": name, "office": name.title(), "days": "2", **fields}


def drawn(*institutions, **fields):
    return read({"institutions": list(institutions), **fields})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = ["a", "b", "c", "d", "e"]
OFFICES = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(NAMES),
            "sector": st.sampled_from([*architecture.SECTORS, "moon"]),
            "level": st.sampled_from([*LEVELS, ""]),
            "role": st.sampled_from([*architecture.ROLES, "king"]),
            "functions": st.lists(st.sampled_from([*FUNCTIONS, "fly"]), max_size=8),
            "passes_to": st.sampled_from([*NAMES, DECIDES, "", "nobody"]),
            "days": st.sampled_from(["", "2", "1,5", "soon", "-3", "1e999", "nan"]),
        }
    ),
    max_size=8,
)
SHEETS = st.fixed_dictionaries(
    {
        "institutions": OFFICES,
        "law": st.sampled_from([*architecture.LAWS, "", "custom"]),
        "staff": st.sampled_from([*architecture.STAFF, ""]),
        "money": st.sampled_from([*architecture.MONEY, ""]),
        "review": st.sampled_from(["", "2027-06", "soon"]),
        "mandate": st.dictionaries(
            st.sampled_from([*MANDATE, "other"]),
            st.fixed_dictionaries({"text": st.text(max_size=5), "open": st.booleans()}),
            max_size=16,
        ),
    }
)


# ---------------------------------------------------------------- any sheet


@given(ANYTHING | st.fixed_dictionaries({}, optional=dict.fromkeys(("institutions", "mandate", "law"), ANYTHING)))
def test_whatever_a_sheet_holds_what_no_office_does_is_missing(data):
    drawn = read(data)
    done = {function for office in drawn.institutions for function in office.functions}
    assert set(analysed(drawn).missing) == set(FUNCTIONS) - done


@given(
    st.sampled_from(["institutions", "mandate", "law", "staff", "money", "review", "representative", "name"]),
    st.integers() | st.booleans() | st.text(max_size=0) | st.tuples(st.integers()),
)
def test_a_field_of_another_form_is_left_out_and_the_others_are_kept(field, value):
    assert read(DRAFT | {field: value}) == read({name: kept for name, kept in DRAFT.items() if name != field})


@given(SHEETS)
def test_every_warning_has_one_end_and_passes_each_office_once(data):
    sheet = read(data)
    for one in sheet.institutions:
        way = walk(sheet, one.id)
        passed = way.offices[:-1] if way.end == "round" else way.offices
        assert way.end in ("decided", "stops", "round") and len({each.id for each in passed}) == len(passed)


@given(SHEETS, st.sampled_from(NAMES), st.sampled_from(sorted(FUNCTIONS)))
def test_ticking_a_function_never_opens_a_gap(data, name, function):
    more = json.loads(json.dumps(data))
    for entry in more["institutions"]:
        if entry["id"] == name:
            entry["functions"].append(function)
    before, after = analysed(read(data)), analysed(read(more))
    assert set(after.missing) <= set(before.missing)
    assert {one.id for one in after.alone} <= {one.id for one in before.alone} | {name}


@given(SHEETS, st.sampled_from(sorted(MANDATE)))
def test_answering_a_question_closes_that_one_and_no_other(data, name):
    answered = {**data, "mandate": {**data["mandate"], name: {"text": "Yes", "open": False}}}
    assert set(analysed(read(answered)).open) == set(analysed(read(data)).open) - {name}


@given(SHEETS, st.sampled_from(NAMES))
def test_an_office_that_decides_never_adds_a_warning_without_an_end(data, name):
    more = json.loads(json.dumps(data))
    for entry in more["institutions"]:
        if entry["id"] == name:
            entry["passes_to"] = DECIDES
    before, after = read(data), read(more)
    lost = [[one.id for one in sheet.institutions if walk(sheet, one.id).end != "decided"] for sheet in (before, after)]
    assert set(lost[1]) <= set(lost[0])


@given(SHEETS)
def test_the_nearest_design_can_be_named_for_every_sheet(data):
    sheet = read(data)
    assert all(one.shared for one in comparison.nearest(sheet, DESIGNS))


# ---------------------------------------------------------------- what a drawing shows


def test_a_function_that_nobody_has_is_missing():
    sheet = drawn(office("police", functions=["warn"]), office("school", functions=["educate"]))
    assert analysed(sheet).missing == [name for name in FUNCTIONS if name not in ("warn", "educate")]


def test_an_office_in_no_path_that_shares_no_function_is_alone():
    sheet = drawn(
        office("police", functions=["warn"], passes_to="board"),
        office("board", functions=["coordinate"], passes_to=DECIDES),
        office("archive", functions=["memory"]),
    )
    assert [one.id for one in analysed(sheet).alone] == ["archive"]


def test_an_office_that_shares_a_function_is_not_alone():
    sheet = drawn(office("archive", functions=["memory"]), office("museum", functions=["memory"]))
    assert analysed(sheet).alone == []


def test_the_days_of_a_warning_add_up_until_somebody_decides():
    sheet = drawn(
        office("town", days="2", passes_to="province"),
        office("province", days="3", passes_to="board"),
        office("board", days="1", passes_to=DECIDES),
    )
    [way] = analysed(sheet).walks
    assert (way.end, way.days, way.timed, [one.id for one in way.offices]) == (
        "decided",
        6,
        True,
        ["town", "province", "board"],
    )


def test_a_warning_that_nobody_takes_further_stops_there():
    [way] = analysed(drawn(office("town", passes_to="desk"), office("desk"))).stops
    assert way.offices[-1].id == "desk"


def test_a_warning_that_comes_back_goes_round():
    sheet = drawn(office("a", passes_to="b"), office("b", passes_to="a"))
    [way] = analysed(sheet).rounds
    assert [one.id for one in way.offices] == ["a", "b", "a"]


def test_a_question_under_discussion_stays_open():
    sheet = read({"mandate": {"purpose": {"text": "To warn"}, "chair": {"text": "Justice?", "open": True}}})
    assert "chair" in analysed(sheet).open and "purpose" not in analysed(sheet).open


def failures(sheet):
    return {one.id for one in analysed(sheet).failures}


SOUND = {
    "law": "statute",
    "staff": "own",
    "money": "line",
    "review": "2030-01",
    "mandate": {name: {"text": "Yes"} for name in MANDATE},
}
BODIES = (
    office("board", sector="council", functions=["coordinate"], passes_to=DECIDES),
    office("town", sector="local", level="town", functions=["warn"], passes_to="board"),
)


def test_a_sound_drawing_resembles_no_known_way_of_failing():
    assert failures(drawn(*BODIES, **SOUND)) == set()


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"staff": "none"}, "no-staff"),
        ({"law": "draft"}, "law-pending"),
        ({"money": "outside"}, "gifts"),
        ({"review": "", "mandate": {}}, "no-strategy"),
        ({"institutions": [BODIES[0]]}, "one-sector"),
        ({"institutions": [BODIES[0] | {"level": "national"}, BODIES[1] | {"level": "national"}]}, "overtaken"),
        ({"institutions": [BODIES[0] | {"functions": list(FUNCTIONS)[:5]}, BODIES[1]]}, "absorbed"),
    ],
)
def test_each_way_of_failing_is_recognised_by_its_own_sign(change, failure):
    assert failure in failures(read({"institutions": list(BODIES), **SOUND, **change}))


def test_an_empty_sheet_is_told_of_no_failure():
    assert failures(read({})) == set()


def test_every_failure_names_sources_of_the_register():
    register = tables.sources(ROOT)
    assert [key for failure in architecture.FAILURES for key in failure.sources if key not in register] == []


# ---------------------------------------------------------------- real designs


DESIGNS = [
    {
        "state": "Northland",
        "name": "Council",
        "year_start": 2011,
        "year_end": "",
        "legal_basis": "statute",
        "door": "independent council",
        "civil_society": "yes",
        "local_arms": "yes",
        "own_staff": "unknown",
        "functions": "mediate; educate",
        "note": "-",
        "source": "OWN",
    },
    {
        "state": "Southland",
        "name": "Board",
        "year_start": 2012,
        "year_end": 2019,
        "legal_basis": "treaty",
        "door": "centre of government",
        "civil_society": "no",
        "local_arms": "unknown",
        "own_staff": "no",
        "functions": "warn",
        "note": "-",
        "source": "OWN",
    },
]


def test_the_nearest_design_is_the_one_with_most_in_common_and_its_difference_is_said():
    sheet = drawn(
        office("council", sector="council", role="chair", functions=["mediate"]),
        office("churches", sector="civil", level="town"),
        law="statute",
    )
    [near] = comparison.nearest(sheet, DESIGNS)
    assert near.state == "Northland" and "seats for civil society" in near.shared
    assert near.differs == ["it has somebody to educate, yours has nobody"]


def test_what_is_not_documented_is_not_compared():
    [near] = comparison.nearest(
        drawn(office("council", sector="council", role="chair"), law="statute", staff="own"), DESIGNS
    )
    assert not any("staff" in words for words in near.shared + near.differs)


def test_an_empty_sheet_is_near_to_nothing():
    assert comparison.nearest(read({}), DESIGNS) == []


def test_the_table_uses_the_words_of_the_canvas(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))
    for row in comparison.documented():
        assert row["door"] in comparison.DOOR_WORDS and {part.strip() for part in row["functions"].split(";")} <= set(
            FUNCTIONS
        )


def test_meridias_first_draft_holds_something_to_find(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))
    sheet = read(DRAFT)
    found = analysed(sheet)
    assert found.missing and found.open and found.stops and [one.id for one in found.alone] == ["archive"]
    assert {"no-staff", "law-pending", "gifts"} <= {one.id for one in found.failures} and comparison.nearest(sheet)
