"""Starting the room: which network, which port, what the facilitator sees on the screen, and the end."""

import asyncio
import contextlib
import ipaddress
import re
import shutil
import socket
import sys
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import segno
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from workshop import environment
from workshop.errors import WorkshopError
from workshop.project import project
from workshop.room import demo, network
from workshop.room.app import application
from workshop.room.room import Room
from workshop.room.store import Store

FOLDER, REHEARSAL, STUDY = "room", "room_rehearsal", "my_study"
PORT = 8080
LOOK = 5


class Door:
    """Answers only where it was told to: on this computer, and in the network that the facilitator named."""

    def __init__(self, app: ASGIApp, served: ipaddress.IPv4Network | None) -> None:
        self.app, self.served = app, served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self.open(scope.get("server")):
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, send)

    def open(self, server: tuple[str, int] | None) -> bool:
        """Whether a request that came in at this address of ours may be answered."""
        if server is None:
            return False
        try:
            address = ipaddress.ip_address(server[0])
        except ValueError:
            return False
        return address.is_loopback or (self.served is not None and address in self.served)


def start(
    root: Path,
    served: str | None = None,
    port: int | None = None,
    people: int = 0,
    certificate: str | None = None,
    key: str | None = None,
    browser: bool = True,
) -> int:
    """Open the room and stay until Ctrl-C. Returns the exit code. Raises WorkshopError when it cannot be opened.

    `served` is None for this computer alone, else the address to serve, or "" for the likeliest. With `people` it is a
    rehearsal with so many invented seats, which lies in a folder of its own.
    """
    address, net = ("127.0.0.1", None) if served is None else network.chosen(served)
    folder = root / (REHEARSAL if people else FOLDER)
    if people:
        shutil.rmtree(folder, ignore_errors=True)
    store = Store(folder)
    if (due := store.settings.delete_on) <= date.today().isoformat():
        print(f"The answers of this room should be gone since {due}. Delete them with `workshop room --delete`.")
    room = Room(root, project.read(root), store)
    if people:
        demo.fill(room, people)

    def told(port: int) -> None:
        way = f"http{'s' if certificate else ''}://{{}}:{port}"
        room.address = way.format(address)
        _say(room, room.address, way.format("127.0.0.1"), net, folder, bool(certificate))
        if browser and environment.has_display():
            webbrowser.open(f"{way.format('127.0.0.1')}/board/{store.settings.board}")

    return _run(room, net, port, told, certificate=certificate, key=key)


def study(root: Path, port: int | None = None, browser: bool = True) -> int:
    """Open the pages for one person on this computer and stay until Ctrl-C. Returns the exit code."""
    store = Store(root / STUDY)

    def told(port: int) -> None:
        address = f"http://127.0.0.1:{port}/start/{store.settings.board}"
        print(
            f"Your pages: {address}\nYour answers lie in {store.folder}. "
            "Stop with Ctrl-C; the next start goes on where you were.",
            flush=True,
        )
        if browser and environment.has_display():
            webbrowser.open(address)

    return _run(Room(root, project.read(root), store, study=True), None, port, told)


def delete(root: Path) -> int:
    """Delete everything that the room remembers. Returns the exit code."""
    folder = root / FOLDER
    if not (folder / "room.db").exists():
        print("There is no room here.")
        return 0
    store = Store(folder)
    kept = store.counts()
    store.close()
    shutil.rmtree(folder)
    print(
        f"Deleted: {kept.seats} seats, {kept.sheets} answer sheets, {kept.statements} statements."
        + (
            f" The {kept.hand_ins} files that were handed in lie in hand_in, and records where you saved them."
            if kept.hand_ins
            else ""
        )
    )
    return 0


def _run(
    room: Room,
    net: ipaddress.IPv4Network | None,
    port: int | None,
    told: Callable[[int], None],
    certificate: str | None = None,
    key: str | None = None,
) -> int:
    store = room.store
    if port is None:
        port = store.settings.port or PORT
    try:
        line = network.listening("0.0.0.0" if net else "127.0.0.1", port)
    except OSError as error:
        raise WorkshopError(f"No port could be opened ({error.strerror}). Name another one with --port.") from error
    served: int = line.getsockname()[1]
    store.change(lambda known: replace(known, port=served))  # a code on the wall stays right after a new start
    config = uvicorn.Config(
        Door(application(room), net),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_Server(config, lambda: told(served)), line, room, net))
    store.close()
    print(f"\nClosed. Everything is kept in {store.folder}", flush=True)
    return 0


class _Server(uvicorn.Server):
    """Says that it is open once it is, so that what a person does then always meets a whole server."""

    def __init__(self, config: uvicorn.Config, told: Callable[[], None]) -> None:
        super().__init__(config)
        self.told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.told()


async def _serve(server: uvicorn.Server, line: socket.socket, room: Room, net: ipaddress.IPv4Network | None) -> None:
    watching = asyncio.create_task(_watch(room, net)) if net else None
    await server.serve(sockets=[line])
    if watching:
        watching.cancel()


async def _watch(room: Room, net: ipaddress.IPv4Network) -> None:
    """After a laptop has slept its address may be another: say so, since the code on the wall is then wrong."""
    known = None
    while True:
        here = [address for address in network.addresses() if ipaddress.ip_address(address) in net]
        if known is not None and here != known:
            if here:
                room.address = re.sub(r"//[^:]+:", f"//{here[0]}:", room.address)
            print(
                f"The address has changed: {room.address}"
                if here
                else "The network is gone. Answers wait on the devices; the room goes on when it is back.",
                flush=True,
            )
        known = here
        await asyncio.sleep(LOOK)


def _say(room: Room, address: str, own: str, net: ipaddress.IPv4Network | None, folder: Path, secret: bool) -> None:
    """Everything on one screen."""
    code = room.access.code
    print(f"The room is open.\n\n  Participants   {address}   code of the room: {code}")
    if net:
        segno.make(f"{address}/?code={code}", error="m").terminal(out=sys.stdout, compact=True)
    else:
        others = ", ".join(network.addresses()) or "none found"
        print(
            "  So far only this computer can open it. To let phones in: workshop room --network   "
            f"(addresses here: {others})"
        )
    print(
        f"  Your board     {own}/board/{room.store.settings.board}   (for you alone)\n"
        f"  For the wall   {own}/screen   (address and code, large)\n"
        f"  The data       {folder}, to be deleted on {room.store.settings.delete_on}: workshop room --delete\n"
        f"  On paper       workshop handouts prints every question and every scenario, for the day the power fails"
    )
    if net and not secret:
        print(
            "  Plain HTTP     whoever listens on this Wi-Fi can read along. "
            "With a certificate of your own: --certificate FILE --key FILE"
        )
    print("  To stop        Ctrl-C. The next start goes on where it was.")
    sys.stdout.flush()
