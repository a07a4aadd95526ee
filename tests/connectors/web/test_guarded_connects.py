from __future__ import annotations

import socket
import threading

import pytest

from connectors.archive.claim_owners import is_dead, own_name
from connectors.web.guarded_connects import public_addresses_only


def test_a_private_address_is_refused_inside_the_block_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        with public_addresses_only(), pytest.raises(ConnectionRefusedError, match="not a public"):
            socket.create_connection(address)
        socket.create_connection(address).close()


def test_other_threads_go_on_as_they_were() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, public_addresses_only():
        done: list[bool] = []

        def connect() -> None:
            socket.create_connection(listener.getsockname()).close()
            done.append(True)

        thread = threading.Thread(target=connect)
        thread.start()
        thread.join()
    assert done == [True]


@pytest.mark.parametrize("host", ["::1", "::ffff:10.0.0.1", "fec0::1", "169.254.169.254"])
def test_private_addresses_in_other_clothes(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    refused = pytest.raises(OSError, match="not a public address")
    with socket.socket(family) as probe, public_addresses_only(), refused:
        probe.connect((host, 9))


def test_a_process_number_that_came_again_is_another_process() -> None:
    parts = own_name().split(" ")
    assert not is_dead(" ".join(parts))
    parts[2] = "1"
    assert is_dead(" ".join(parts))
    assert not is_dead("nonsense")


def test_datagrams_to_private_addresses_are_refused_too() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        refused = pytest.raises(ConnectionRefusedError, match="not a public address")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, public_addresses_only():
            with refused:
                probe.sendto(b"x", listener.getsockname())
            with refused:
                probe.sendmsg([b"x"], [], 0, listener.getsockname())
