"""The room's server: pages and cards for participants, the board for the facilitator, in one process.

Everything that somebody wrote goes into pages through templates that escape it, or through the cards' trees; browsers are told to run
and load nothing but the room's own files.
"""

import asyncio
import io
import json
import logging
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import segno
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from workshop.answers.code_names import code_name
from workshop.answers.storage import SaveError
from workshop.cards.browser_files import BROWSER, KEPT, BrowserFiles
from workshop.content import tables
from workshop.room import figures_ahead, names, pages_html
from workshop.room.access import BOARD, EACH, REQUESTS, SEAT, Access, Tries
from workshop.room.board import Board
from workshop.room.seat_cards import Desks, Gone
from workshop.room.store import NameTakenError

HERE = Path(__file__).parent
STATIC = HERE / "static"
ENTRIES = [STATIC / "room.js", STATIC / "page.js", STATIC / "board.js"]
SHEETS = [STATIC / "room.css", BROWSER / "cards.css"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
NO_GUESSING = (b"x-content-type-options", b"nosniff")
OF_PAGES = [
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
MOST_BYTES, MOST_SECONDS = 200_000, 15
MOST_PEOPLE = 12
GROUPS = "groups"
CLOSED = "This part is not open now. What you wrote is not stored; keep the page, and send it again when your facilitator opens it."
MOST_NUMBER = 2**31
log = logging.getLogger(__name__)


class Room:
    """What all requests share. `study` is somebody alone on this computer: no code, no board.

    `words` is the catalogue of what is read in the browser, in another language than English.
    """

    def __init__(self, root, project, store, study=False, words=None):
        self.root, self.project, self.store, self.study = Path(root), project, store, study
        self.sources, self.access = tables.sources(root), Access(store)
        self.desks = Desks(self.root, project, store, self.sources)
        self.board = Board(self)
        self.pictures = figures_ahead.prepared(self.root)
        self.tries, self.requests, self.seen = Tries(), Tries(REQUESTS, EACH), {}
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self.files = BrowserFiles("/static", ENTRIES, SHEETS, words)
        self.templates.globals["files"] = self.files
        self.templates.globals["study"] = study
        self.pages, self.address = {}, ""

    def chunks(self, name):
        """A page for participants in chunks, and its list of sources; made once."""
        if name not in self.pages:
            self.pages[name] = pages_html.chunks(self.desks.page(name), self.project, self.sources, self.pictures)
        return self.pages[name]

    def body(self, name):
        """A page as far as it is open."""
        found, end = self.chunks(name)
        opened = found[: self.board.until(name)]
        return "".join(chunk.html for chunk in opened) + (pages_html.MORE if len(opened) < len(found) else "") + end

    def is_open(self, name, card):
        """Whether this card of a page may be worked on now."""
        found, _ = self.chunks(name)
        return name not in self.store.get("closed", []) and any(
            card in chunk.cards for chunk in found[: self.board.until(name)]
        )

    def shown(self, template, request, status=200, **values):
        """A whole page made from a template."""
        seat = self.seat(request)
        body = self.templates.get_template(template).render(
            seat=seat, on_board=self.on_board(request), delete_on=self.store.get("delete_on"), **values
        )
        return HTMLResponse(body, status, headers={"Cache-Control": "no-store"})

    def seat(self, request):
        """The seat whose browser this is, or None."""
        number = self.access.seat_of(request.cookies.get(SEAT))
        found = self.store.seat(number) if number else None
        if found:
            self.seen[found.id] = time.monotonic()
        return found

    def on_board(self, request):
        """Whether this is the facilitator's browser."""
        return self.access.is_board(request.cookies.get(BOARD))


def application(room):
    """The ASGI application of a room."""
    routes = [
        Route("/", home),
        Route("/join", join, methods=["POST"]),
        Route("/back", back, methods=["POST"]),
        Route("/leave", leave, methods=["POST"]),
        Route("/page/{name:path}", page),
        Route("/statements", statements),
        Route("/seat", own_seat),
        Route("/api/room", pace),
        Route("/api/views/{name:path}", views),
        Route("/api/statements", say, methods=["POST"]),
        Route("/api/card/{name:path}", card, methods=["POST"]),
        Route("/made/{file}", made),
        Route("/static/{digest}/{file:path}", static),
        Route("/pictures/{file}", picture),
        Route("/start/{word}", start),
        Route("/board/{word}", enter_board),
        Route("/board", board),
        Route("/api/board", board_state),
        Route("/api/board", board_act, methods=["POST"]),
        Route("/screen", wall),
        Route("/qr.svg", qr),
        Route("/screen/{name:path}", screen),
        Route("/record", record),
        Route("/record/{kind}", record_file),
    ]
    handlers = {HTTPException: refused, SaveError: not_saved, Gone: gone, Exception: failed}
    app = Starlette(
        routes=routes,
        exception_handlers=handlers,
        middleware=[Middleware(Guard), Middleware(GZipMiddleware, minimum_size=800)],
    )
    app.state.room = room
    return app


class Guard:
    """Adds what every answer tells the browser, and turns away what comes from another site."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin")
        if scope["method"] == "POST" and origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return await Response("This came from another page.", 403)(scope, receive, send)

        async def guarded(message):
            if message["type"] == "http.response.start":
                # What a page may load and where it may lead, its own answer says. A script or a style sheet has no say in it,
                # and with thirty of them a phone would load the same words thirty times.
                part = message["status"] == 200 and scope["path"].startswith("/static/")
                message["headers"] = [*message["headers"], NO_GUESSING, *([] if part else OF_PAGES)]
            await send(message)

        return await self.app(scope, receive, guarded)


# ---------------------------------------------------------------- what goes wrong


def refused(request, error):
    """A page or a line of words for 403, 404, 405, 413, 429."""
    words = {404: "There is no such page here.", 405: "This does not work that way."}
    said = words.get(error.status_code) or (
        str(error.detail) if error.detail != "Forbidden" else "This is not open to you."
    )
    if request.url.path.startswith("/api/"):
        return JSONResponse({"trouble": said}, error.status_code)
    return request.app.state.room.shown("message.html", request, error.status_code, title="Not here", words=said)


def not_saved(request, error):
    """The disk refused: the browser keeps what it has and tries again."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"trouble": str(error)}, 507)
    return request.app.state.room.shown("message.html", request, 507, title="Not saved", words=str(error))


def gone(request, error):
    """Something that does not exist, or no longer."""
    return refused(request, HTTPException(404))


def failed(request, error):
    """What nobody foresaw: said to the facilitator's log, and to participants without a word of program."""
    log.error("A request failed: %s %s", request.method, request.url.path, exc_info=error)
    return JSONResponse(
        {"trouble": "Something went wrong here. Your earlier answers are safe; it is tried again by itself."}, 500
    )


async def body(request):
    """The bytes that were sent, as far as they are small and come soon."""
    found = bytearray()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for chunk in request.stream():
                found += chunk
                if len(found) > MOST_BYTES:
                    raise HTTPException(413, "This is too long to be sent.")
    except (TimeoutError, ClientDisconnect):
        raise HTTPException(408, "This came too slowly.") from None
    return bytes(found)


async def form(request):
    """The fields of a form, each once."""
    sent = (await body(request)).decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(sent, keep_blank_values=True, max_num_fields=20).items()}


async def data(request):
    """A JSON object; only a page of our own can send one, since browsers ask before they let another site do so."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415, "This was not sent by a page of the room.")
    try:
        found = json.loads(await body(request))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise HTTPException(400, "This was not sent by a page of the room.")
    return found


def needed_seat(request):
    """The seat of this browser. Without one the answer is 403."""
    room = request.app.state.room
    seat = room.seat(request)
    if seat is None:
        raise HTTPException(403)
    if room.requests.many(seat.id):
        raise HTTPException(429, "This is more than one seat can send. It is tried again by itself.")
    room.requests.count(seat.id)
    return seat


def needed_board(request):
    """Only the facilitator's browser comes here."""
    if not request.app.state.room.on_board(request):
        raise HTTPException(403)


def _address(request):
    return request.client.host if request.client else ""


# ---------------------------------------------------------------- coming in


def home(request):
    """The list of pages, or the way in."""
    room = request.app.state.room
    seat = room.seat(request)
    if seat is None:
        if room.study:
            raise HTTPException(403)
        taken = {one.name for one in room.store.seats()}
        return room.shown(
            "join.html",
            request,
            code=request.query_params.get("code", "")[:20],
            name=names.suggested(taken),
            trouble="",
        )
    closed = set(room.store.get("closed", []))
    done = {name: room.desks.answered(name, data) for name, data in room.store.sheets_of(seat.id).items()}
    lessons = [
        {
            "name": page.name,
            "title": page.title,
            "question": page.front.get("question", ""),
            "minutes": page.front.get("minutes"),
            "closed": page.name in closed,
            "answered": done.get(page.name, 0),
            "of": len(page.questions),
        }
        for page in room.project.lessons
    ]
    exercises = [
        {
            "name": f"graded/{page.name}",
            "title": page.title,
            "minutes": page.front.get("minutes"),
            "points": page.points,
            "closed": f"graded/{page.name}" in closed,
            "answered": done.get(f"graded/{page.name}", 0),
            "of": len(page.questions),
        }
        for page in room.project.exercises
    ]
    return room.shown("home.html", request, lessons=lessons, exercises=exercises)


async def join(request):
    """Take a new seat."""
    return await run_in_threadpool(_join, request, await form(request))


def _join(request, sent):
    room, who = request.app.state.room, _address(request)
    typed, name = sent.get("code", ""), code_name(sent.get("name", ""))
    people = int(sent["people"]) if sent.get("people", "").isascii() and sent.get("people", "").isdigit() else 1

    def again(words, status=400):
        return room.shown("join.html", request, status, code=typed[:20], name=name, trouble=words)

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


async def back(request):
    """Take one's seat again on another device."""
    return await run_in_threadpool(_back, request, await form(request))


def _back(request, sent):
    room, who = request.app.state.room, _address(request)
    name = code_name(sent.get("name", ""))
    if room.tries.many(who):
        words, status = "Too many wrong keys from this device. Wait a minute.", 429
    else:
        found = room.store.seat_named(name)
        if found and room.access.opens_seat(found.id, sent.get("key", "")):
            return _seated(request, found.id)
        room.tries.count(who)
        words, status = (
            "This name and this key do not belong together. The key stands under “Your seat” on the other device.",
            400,
        )
    return room.shown("join.html", request, status, code="", name=name, trouble=words)


def _seated(request, number):
    answer = RedirectResponse("/", 303)
    _give(request, answer, SEAT, request.app.state.room.access.seat_cookie(number))
    return answer


def _give(request, answer, name, value):
    answer.set_cookie(name, value, max_age=KEPT, httponly=True, samesite="strict", secure=request.url.scheme == "https")


def start(request):
    """Somebody alone on this computer comes in by the address that the command shows."""
    room = request.app.state.room
    if not room.study or not room.access.opens_board(request.path_params["word"]):
        raise HTTPException(403)
    found = room.store.seat_named("me")
    return _welcomed(
        request,
        lambda answer: _give(
            request, answer, SEAT, room.access.seat_cookie(found.id if found else room.store.join("me"))
        ),
        "/",
    )


def _welcomed(request, give, target):
    # A strict cookie is not sent along when a link in another program led here; from a page of our own it is.
    answer = HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>One moment</title><meta http-equiv="refresh" '
        f'content="0;url={target}"><p><a href="{target}">Go on</a></p></html>',
        headers={"Cache-Control": "no-store"},
    )
    give(answer)
    return answer


async def leave(request):
    """Give the device to somebody else: the seat stays, this browser forgets it."""
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(SEAT)
    return answer


def own_seat(request):
    """Name and key of one's seat."""
    room = request.app.state.room
    seat = needed_seat(request)
    return room.shown("seat.html", request, key=room.access.seat_key(seat.id))


# ---------------------------------------------------------------- pages and cards


def page(request):
    """A lesson or an exercise."""
    room, name = request.app.state.room, request.path_params["name"]
    if room.seat(request) is None:
        return RedirectResponse("/", 303)
    found = room.desks.page(_known(room, name))
    if _known(room, name) in room.store.get("closed", []):
        return room.shown(
            "message.html",
            request,
            title=found.title,
            words="This part is not open yet. Your facilitator opens it for all.",
        )
    return room.shown(
        "page.html",
        request,
        title=found.title,
        minutes=found.front.get("minutes"),
        points=found.points,
        graded=found.kind == "exercise",
        name=_known(room, name),
        until=room.board.until(_known(room, name)) or "",
        body=room.body(_known(room, name)),
    )


def _known(room, name):
    """The address of a page; a link in a text names an exercise that belongs to no lesson without its folder."""
    return f"graded/{name}" if room.project.lesson(name) is None and room.project.exercise(name) else name


def views(request):
    """All cards of a page as they stand for this seat."""
    room, name = request.app.state.room, request.path_params["name"]
    seat = needed_seat(request)
    return JSONResponse(
        room.desks.views(seat, _device(request.query_params.get("device")), name), headers={"Cache-Control": "no-store"}
    )


async def card(request):
    """Something was clicked or typed on a card."""
    return await run_in_threadpool(_card, request, await data(request))


def _card(request, sent):
    room, name = request.app.state.room, request.path_params["name"]
    seat = needed_seat(request)
    asked = sent.get("request")
    if not isinstance(asked, dict) or type(asked.get("n")) is not int or not 0 < asked["n"] < MOST_NUMBER:
        raise HTTPException(400, "This was not sent by a page of the room.")
    if str(sent.get("card")) in room.desks.cards(name) and not room.is_open(name, str(sent.get("card"))):
        raise HTTPException(403, CLOSED)
    return JSONResponse(room.desks.handle(seat, _device(sent.get("device")), name, str(sent.get("card")), asked))


def _device(word):
    return str(word or "")[:40]


def made(request):
    """A file that somebody made to take home."""
    room, asked = request.app.state.room, request.query_params
    seat = needed_seat(request)
    content = room.desks.file(
        seat, _device(asked.get("device")), asked.get("page", ""), asked.get("card", ""), request.path_params["file"]
    )
    html = request.path_params["file"].endswith(".html")
    # Its own style stands within it; as a file to keep it is not part of the room's pages.
    return Response(
        content,
        media_type="text/html" if html else "application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{request.path_params["file"]}"',
            "Cache-Control": "no-store",
        },
    )


def pace(request):
    """Where the room stands, as participants may know it."""
    needed_seat(request)
    return JSONResponse(request.app.state.room.board.pace(), headers={"Cache-Control": "no-store"})


def statements(request):
    """What the room says on the four questions of the notes."""
    room = request.app.state.room
    seat = needed_seat(request)
    own = [one for one in room.store.statements() if one.seat == seat.id]
    return room.shown("statements.html", request, headings=room.board.headings, notes=room.board.notes, own=own)


async def say(request):
    """A statement of the room."""
    return await run_in_threadpool(_say, request, await data(request))


def _say(request, sent):
    room = request.app.state.room
    seat = needed_seat(request)
    try:
        room.board.say(seat.id, sent)
    except ValueError as why:
        raise HTTPException(400, str(why)) from None
    return JSONResponse({"saved": True})


# ---------------------------------------------------------------- files


def static(request):
    """The room's own script or style; its address changes with it, so a browser keeps it for good."""
    file = request.app.state.room.files.read(request.path_params["file"])
    if file is None:
        raise HTTPException(404)
    content, media = file
    return Response(content, media_type=media, headers={"Cache-Control": f"public, max-age={KEPT}, immutable"})


def picture(request):
    """A figure of a lesson."""
    room, file = request.app.state.room, request.path_params["file"]
    if file not in {figure["file"] for figure in room.pictures.values()}:
        raise HTTPException(404)
    return Response(
        (room.root / figures_ahead.FOLDER / file).read_bytes(),
        media_type="image/webp",
        headers={"Cache-Control": f"public, max-age={KEPT}, immutable"},
    )


# ---------------------------------------------------------------- the facilitator


def enter_board(request):
    """The facilitator comes in by the secret address."""
    room, who = request.app.state.room, _address(request)
    if room.tries.many(who):
        raise HTTPException(429, "Too many wrong addresses from this device. Wait a minute.")
    if room.study or not room.access.opens_board(request.path_params["word"]):
        room.tries.count(who)
        raise HTTPException(403)
    return _welcomed(request, lambda answer: _give(request, answer, BOARD, room.access.board_cookie()), "/board")


def board(request):
    """The facilitator's board."""
    needed_board(request)
    room = request.app.state.room
    return room.shown(
        "board.html",
        request,
        code=room.access.code,
        pages=room.board.parts(),
        plays=room.board.plays(),
        headings=room.board.headings,
    )


def board_state(request):
    """All that the board shows."""
    needed_board(request)
    return JSONResponse(request.app.state.room.board.state(), headers={"Cache-Control": "no-store"})


async def board_act(request):
    """Something was clicked on the board."""
    needed_board(request)
    sent = await data(request)
    room = request.app.state.room
    try:
        await run_in_threadpool(room.board.act, sent)
    except (KeyError, TypeError, ValueError) as error:
        raise HTTPException(400, "The board did not understand this.") from error
    return JSONResponse(await run_in_threadpool(room.board.state))


def wall(request):
    """Address and code of the room for the wall."""
    needed_board(request)
    room = request.app.state.room
    return room.shown("wall.html", request, address=room.address, code=room.access.code)


def qr(request):
    """The QR code of the address, with the code of the room in it."""
    needed_board(request)
    room = request.app.state.room
    picture = io.BytesIO()
    segno.make(f"{room.address}/?code={room.access.code}", error="m").save(picture, kind="svg", scale=8, light="#fff")
    return Response(picture.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


def screen(request):
    """One question for the wall, or the groups side by side."""
    needed_board(request)
    room, name = request.app.state.room, request.path_params["name"]
    page_name, _, id = name.rpartition("/")
    if name != GROUPS and id not in {question.id for question in room.desks.page(page_name).questions}:
        raise HTTPException(404)
    return room.shown("screen.html", request, name=name, join=room.access.code)


def record(request):
    """What the room leaves, to look at before it is saved."""
    needed_board(request)
    room = request.app.state.room
    return room.shown(
        "record.html",
        request,
        parts=room.board.record_parts(),
        names=room.store.get("names", False),
        notes=room.board.notes,
        headings=room.board.headings,
    )


def record_file(request):
    """The record as a file."""
    needed_board(request)
    content, media, name = request.app.state.room.board.record_file(request.path_params["kind"])
    return Response(
        content,
        media_type=media,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
