"""Coming in and going: the way into the room, one's seat, the list of pages."""

from typing import TypedDict

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from workshop.answers.code_names import code_name
from workshop.project.pages import Page
from workshop.room import names
from workshop.room.access import SEAT
from workshop.room.requests import address_of, form, give, needed_seat, room_of, seat_of, shown, welcome
from workshop.room.room import ALONE
from workshop.room.store import NameTakenError

MOST_PEOPLE = 12


class ListedPage(TypedDict):
    """A page in the list: whether it is closed, and how many of its questions this seat has answered."""

    name: str
    title: str
    question: str
    minutes: int | None
    points: float
    closed: bool
    answered: int
    of: int


def home(request: Request) -> Response:
    """The list of pages, or the way in."""
    room, seat = room_of(request), seat_of(request)
    if seat is None:
        if room.study:
            raise HTTPException(403)
        name = names.suggested({each.name for each in room.store.seats()})
        return shown("join.html", request, code=request.query_params.get("code", "")[:20], name=name, trouble="")
    done = {name: room.desks.answered(name, data) for name, data in room.store.sheets_of(seat.id).items()}

    def listed(name: str, page: Page) -> ListedPage:
        return {
            "name": name,
            "title": page.title,
            "question": page.front.get("question", ""),
            "minutes": page.front.get("minutes"),
            "points": page.points if page.kind == "exercise" else 0,
            "closed": room.board.is_closed(name),
            "answered": done.get(name, 0),
            "of": len(page.questions),
        }

    lessons = [listed(page.name, page) for page in room.project.lessons]
    exercises = [listed(f"graded/{page.name}", page) for page in room.project.exercises]
    return shown("home.html", request, lessons=lessons, exercises=exercises)


async def join(request: Request) -> Response:
    """Take a new seat."""
    return await run_in_threadpool(_join, request, await form(request))


def _join(request: Request, sent: dict[str, str]) -> Response:
    room, who = room_of(request), address_of(request)
    typed, name = sent.get("code", ""), code_name(sent.get("name", ""))
    people = int(sent["people"]) if sent.get("people", "").isascii() and sent.get("people", "").isdigit() else 1

    def again(words: str, status: int = 400) -> Response:
        return shown("join.html", request, status, code=typed[:20], name=name, trouble=words)

    if room.tries.many(who):
        return again(
            "Too many wrong codes from this device. Wait a minute, and read the code from the wall once more.", 429
        )
    if not room.access.opens_room(typed):
        room.tries.count(who)
        return again("This is not the code of the room. It stands on the wall, six letters and digits.")
    if len(name) < 2:
        return again("Choose a name of two letters from a to z or more. Please do not use your own.")
    try:
        number = room.store.join(name, min(max(people, 1), MOST_PEOPLE))
    except NameTakenError:
        return again(
            f"Somebody here is called {name} already. Choose another name; or, if it is you, take your seat back below."
        )
    return _seated(request, number)


async def back(request: Request) -> Response:
    """Take one's seat again on another device."""
    return await run_in_threadpool(_back, request, await form(request))


def _back(request: Request, sent: dict[str, str]) -> Response:
    room, who = room_of(request), address_of(request)
    name = code_name(sent.get("name", ""))
    if room.tries.many(who):
        words, status = "Too many wrong keys from this device. Wait a minute.", 429
    else:
        seat = room.store.seat_named(name)
        if seat and room.access.opens_seat(seat.id, sent.get("key", "")):
            return _seated(request, seat.id)
        room.tries.count(who)
        words, status = (
            "This name and this key do not belong together. The key stands under “Your seat” on the other device.",
            400,
        )
    return shown("join.html", request, status, code="", name=name, trouble=words)


def _seated(request: Request, number: int) -> Response:
    answer = RedirectResponse("/", 303)
    give(request, answer, SEAT, room_of(request).access.seat_cookie(number))
    return answer


def start(request: Request) -> Response:
    """Somebody alone on this computer comes in by the address that the command shows."""
    room = room_of(request)
    seat = room.store.seat_named(ALONE) if room.study else None
    if seat is None or not room.access.opens_board(request.path_params["word"]):
        raise HTTPException(403)
    return welcome(request, SEAT, room.access.seat_cookie(seat.id), "/")


async def leave(_: Request) -> Response:
    """Give the device to somebody else: the seat stays, this browser forgets it."""
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(SEAT)
    return answer


def own_seat(request: Request) -> Response:
    """Name and key of one's seat."""
    seat = needed_seat(request)
    return shown("seat.html", request, key=room_of(request).access.seat_key(seat.id))


ROUTES = [
    Route("/", home),
    Route("/join", join, methods=["POST"]),
    Route("/back", back, methods=["POST"]),
    Route("/leave", leave, methods=["POST"]),
    Route("/seat", own_seat),
    Route("/start/{word}", start),
]
