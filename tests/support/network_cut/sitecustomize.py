"""Found by a kernel at its start: from here on no connection leaves this machine, and each try is an error."""

import ipaddress
import socket

_connect, _lookup = socket.socket.connect, socket.getaddrinfo


def _stays_here(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "")


def connect(self, address):
    if isinstance(address, tuple) and not _stays_here(address[0]):
        raise OSError(f"the network is cut: {address[0]}")
    return _connect(self, address)


def getaddrinfo(host, *rest, **more):
    if host is not None and not _stays_here(host):
        raise OSError(f"the network is cut: {host}")
    return _lookup(host, *rest, **more)


socket.socket.connect, socket.getaddrinfo = connect, getaddrinfo
