"""Which address the room has for phones: found on the machine itself, without asking anybody."""

import ipaddress
import socket

import psutil  # type: ignore[import-untyped]

from workshop.errors import WorkshopError

# Networks of virtual machines and tunnels: no phone is in them.
INNER = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "tun", "tap", "wg", "tailscale", "lxc", "utun")

BACKLOG = 1024


class NetworkError(WorkshopError):
    """There is no such network here; the message says which there are."""


def addresses() -> dict[str, ipaddress.IPv4Network]:
    """{IPv4 address: its network} of this machine that a phone may reach, the likeliest first."""
    found = {}
    for name, all_of_it in psutil.net_if_addrs().items():
        for one in all_of_it:
            if one.family == socket.AF_INET and not name.startswith(INNER) and one.netmask:
                address = ipaddress.IPv4Interface(f"{one.address}/{one.netmask}")
                if not address.is_loopback and not address.is_link_local:
                    found[str(address.ip)] = address.network
    first = _towards_the_world()
    return dict(sorted(found.items(), key=lambda pair: (pair[0] != first, not pair[1].is_private, pair[0])))


def _towards_the_world() -> str | None:
    """The address that would be used to go elsewhere, None for none; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))
            address: str = line.getsockname()[0]
            return address
        except OSError:
            return None  # no way out: a room without internet


def chosen(word: str) -> tuple[str, ipaddress.IPv4Network]:
    """(address, network) that the facilitator means; an empty word is the likeliest. Raises NetworkError."""
    known = addresses()
    if not known:
        raise NetworkError(
            "This computer is in no network that phones could reach. "
            "Switch on its Wi-Fi, or make it a hotspot, then start again."
        )
    if not word:
        return next(iter(known.items()))
    if word not in known:
        raise NetworkError(f"This computer has no address {word}. It has: {', '.join(known)}.")
    return word, known[word]


def listening(host: str, port: int, tries: int = 20) -> socket.socket:
    """A socket that listens on this port or, where it is taken, on the next free one. Raises OSError."""
    for number in range(port, port + tries):
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, number))
            line.listen(BACKLOG)  # from now on whoever knocks is kept waiting, and not turned away
            return line
        except OSError:
            line.close()
            if number == port + tries - 1:
                raise
    raise AssertionError
