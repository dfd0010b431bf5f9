"""Invented seats with invented answers, to rehearse with: they go the same way as a participant's."""

import random

from workshop.room.addresses import play_card, question_card
from workshop.room.names import ANIMALS, COLOURS
from workshop.room.room import Room
from workshop.room.store import Seat
from workshop.scenarios import model as scenarios

SAID = (
    ("a", "confirms", "a5", "Commitment lasts until the next election; after it we begin again."),
    ("a", "adds", "", "Nobody in a district knows whom to ring at night."),
    ("b", "confirms", "b2", "The ministry of the interior came once it could say what it needed."),
    ("b", "disputes", "b13", "One country cannot be the example for all."),
    ("c", "adds", "", "A list of people who answer within a week."),
    ("d", "adds", "", "Rumours travel faster than our reports."),
)


def fill(room: Room, how_many: int, seed: int = 1) -> None:
    """Take so many seats and let each answer about half of the first two lessons, write, and play a little."""
    chance = random.Random(seed)
    names = [f"{colour}-{animal}" for colour in COLOURS for animal in ANIMALS]
    for name in chance.sample(names, how_many):
        number = room.store.join(name, chance.choice((1, 1, 1, 4)))
        seat = next(each for each in room.store.seats() if each.id == number)
        for page in room.project.lessons[1:3]:
            for question in page.questions:
                value = question.sample(chance)
                if chance.random() < 0.6:
                    room.desks.handle(
                        seat, "demo", page.name, question_card(question), {"do": "answer", "value": value, "n": 1}
                    )
        if chance.random() < 0.4:
            room.board.say(
                seat.id,
                dict(zip(("heading", "relation", "about", "words"), chance.choice(SAID), strict=True), token="demo"),
            )
        _play(room, seat, chance)


def _play(room: Room, seat: Seat, chance: random.Random) -> None:
    page = next(page for page in room.project.lessons if page.plays)
    name, part = page.plays[0]
    scenario, made = room.project.scenarios[name], list[str]()
    for number in range(chance.randrange(6)):
        possible = scenarios.offered(scenario, scenarios.play(scenario, made, part))
        if not possible:
            break
        made.append(chance.choice(possible).id)
        room.desks.handle(
            seat, "demo", page.name, play_card(name, part), {"do": "choose", "choice": made[-1], "n": number + 1}
        )
