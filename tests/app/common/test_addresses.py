"""The addresses under which others in a room reach this machine."""

import socket

import pytest

from app.__main__ import room_sentence
from app.common import addresses


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8050", "127.0.0.1:80", "127.9.9.9", "[::1]:8050", "::1", "a.localhost:5"]
)
def test_hosts_that_mean_the_machine_that_asks(host):
    assert addresses.is_loopback(host)


@pytest.mark.parametrize(
    "host", ["192.168.1.5:8050", "lab.example", "127.example", "[fe80::1]:80", "10.0.0.1", ""]
)
def test_hosts_that_others_reach(host):
    assert not addresses.is_loopback(host)


def test_addresses_that_nothing_listens_at_are_not_named(monkeypatch):
    monkeypatch.setattr(addresses, "machine_addresses", lambda: ["192.0.2.7", "192.0.2.8"])
    found = addresses.room_addresses(8050, "/lab/", lambda address, port: address.endswith("8"))
    assert found == ("http://192.0.2.8:8050/lab/",)


def test_a_server_of_this_machine_alone_is_not_reached_at_its_other_addresses():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert addresses.accepts_connections("127.0.0.1", port)
        assert addresses.room_addresses(port, "/") == ()


def test_no_own_address_is_named_twice_or_means_the_machine_itself():
    found = addresses.machine_addresses()
    assert len(set(found)) == len(found)
    assert not any(map(addresses.is_loopback, found))


def test_the_start_names_the_addresses_in_the_room(monkeypatch):
    monkeypatch.setattr("app.__main__.machine_addresses", lambda: ["192.0.2.7", "10.1.1.1"])
    assert room_sentence(8050, "/").endswith("http://192.0.2.7:8050/ or http://10.1.1.1:8050/")
    monkeypatch.setattr("app.__main__.machine_addresses", list)
    assert "only this machine" in room_sentence(8050, "/")
