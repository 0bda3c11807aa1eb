"""The addresses under which others in the room reach a server on this machine."""

import socket
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

ELSEWHERE: Final = ("10.255.255.255", "192.168.255.255", "172.31.255.255", "198.51.100.1")
"""Addresses of which the system tells from which of its own it would send there; nothing is sent."""
REACH_SECONDS: Final = 0.3


def is_loopback(host: str) -> bool:
    """Return whether a host name or address, with or without a port, means the machine that asks."""
    name = host.rpartition(":")[0] if host.count(":") == 1 or "]:" in host else host
    name = name.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def machine_addresses() -> list[str]:
    """Return the IPv4 addresses of this machine in its networks, the likeliest first."""
    found = []
    for target in ELSEWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, 9))
                found.append(probe.getsockname()[0])
            except OSError:  # there is no way to this network
                continue
    with suppress(OSError):  # this machine does not know its own name
        found += [entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [text for text in dict.fromkeys(map(str, found)) if not ip_address(text).is_loopback]


def accepts_connections(address: str, port: int) -> bool:
    """Return whether something listens at a port of one of this machine's addresses."""
    try:
        with socket.create_connection((address, port), REACH_SECONDS):
            return True
    except OSError:
        return False


def room_addresses(
    port: int, path: str, listens: Callable[[str, int], bool] = accepts_connections
) -> tuple[str, ...]:
    """Return the addresses of the page that others in the room can open."""
    return tuple(f"http://{each}:{port}{path}" for each in machine_addresses() if listens(each, port))
