"""A group plays a scenario in a real JupyterLab, and what it decided lies in the folder afterwards."""

import json

from support.participant_lab import LESSON_SHEET, card, open_page


def test_a_group_plays_gives_reasons_and_takes_the_play_home(kit, tab):
    open_page(tab, kit, "notebooks/m02_challenges.ipynb")
    place = card(tab, "Orvane: our ministry will do it")
    place.get_by_label("As a group around one screen").check()
    place.get_by_text("You play as a group of 5.").wait_for()
    place.get_by_label("How many people").select_option("6")
    place.get_by_text("You play as a group of 6.").wait_for()
    decided = 0
    while not place.get_by_text("How it ends").count():
        heading = place.locator("h4.scene").inner_text()
        if place.get_by_role("button", name="Do this").count():
            decided += 1
            place.get_by_role("radio", disabled=False).nth(2).check()
            place.get_by_label("Why this?").fill(f"Reason {decided}\nin two lines")
            place.get_by_role("button", name="Do this").click()
        else:
            place.locator(".go-on button").first.click()
        place.locator("h4.scene").filter(has_not_text=heading).wait_for()
    place.get_by_role("button", name="Show the gauges over time").click()
    place.locator(".pictured img").wait_for()
    place.get_by_role("button", name="Take this play home").click()
    place.get_by_text("m02_challenges.orvane--play-1.html").wait_for()
    kept = json.loads((kit[0] / LESSON_SHEET).read_text(encoding="utf-8"))["plays"]["orvane"]
    (done,) = kept["finished"]
    assert (
        sorted(done["reasons"].values()) == [f"Reason {n}\nin two lines" for n in range(1, decided + 1)]
        and done["people"] == 6
    )
    assert "Reason 1" in (kit[0] / "notebooks/m02_challenges.orvane--play-1.html").read_text(encoding="utf-8")
