"""Who listens at an address: real sockets, on loopback."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

from spiralcore.cluster.address import Address
from spiralcore.cluster.listener import Listener, check_listener, check_role, listener
from spiralcore.errors import SpiralError, UsageError

PRINTED = "expected: the address that `dask scheduler` prints, such as tcp://127.0.0.1:8786.\n"
START = "next: dask scheduler --host 127.0.0.1, then --scheduler tcp://127.0.0.1:8786"

Serve = Callable[[Callable[[socket.socket], object]], Address]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Listen, and treat each connection in some way."""
    sockets = []

    def begin(treat: Callable[[socket.socket], object]) -> Address:
        server = socket.create_server(("127.0.0.1", 0))
        sockets.append(server)

        def accept() -> None:
            while True:
                try:
                    connection = server.accept()[0]
                except OSError:
                    return
                sockets.append(connection)
                treat(connection)

        threading.Thread(target=accept, daemon=True).start()
        return Address("tcp", *server.getsockname())

    yield begin
    for each in sockets:
        each.close()


def refused(address: Address) -> tuple[type, str]:
    with pytest.raises(SpiralError) as caught:
        check_listener(address)
    return type(caught.value), str(caught.value)


def test_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = Address("tcp", *server.getsockname())
    assert listener(address) is Listener.NOBODY
    assert refused(address) == (
        SpiralError,
        f"No Dask scheduler answers at {address}.\n"
        f"expected: the address that `dask scheduler` prints.\n{START}",
    )


def test_a_web_server() -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = Address("tcp", "127.0.0.1", server.server_port)
        assert refused(address) == (
            UsageError,
            f"A web server listens at {address}, such as that of Dask's dashboard.\n"
            f"{PRINTED}next: --scheduler tcp://127.0.0.1:8786",
        )
        server.shutdown()


def test_whoever_says_something_else(serve: Serve) -> None:
    address = serve(lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"))
    assert refused(address) == (
        UsageError,
        f"What listens at {address} is no Dask scheduler.\n{PRINTED}{START}",
    )


@pytest.mark.parametrize("treat", [lambda connection: None, lambda connection: connection.close()])
def test_whoever_says_nothing(serve: Serve, treat: Callable[[socket.socket], object]) -> None:
    address = serve(treat)
    assert refused(address) == (
        UsageError,
        f"What listens at {address} does not answer as a Dask scheduler does.\n{PRINTED}{START}",
    )


def test_whoever_speaks_tls(serve: Serve) -> None:
    # Without a certificate, so that no key has to be kept for this test.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ADH:@SECLEVEL=0")

    def shake(connection: socket.socket) -> None:
        try:
            context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()

    address = serve(shake)
    assert listener(address) is Listener.TLS
    assert refused(address) == (
        UsageError,
        f"What listens at {address} speaks tls, and not tcp.\n"
        "expected: an address that begins with tls://.\n"
        f"next: --scheduler tls://127.0.0.1:{address.port}",
    )


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70, "two words"])
def test_hosts_that_are_none(host: str) -> None:
    kind, message = refused(Address("tcp", host, 8786))
    assert kind is UsageError
    found, expected, step = message.split("\n")
    # The reason is in the words of the system, which differ from one to the next.
    assert found.startswith(f"There is no host '{host}' that this machine can find: ")
    assert found.endswith(".")
    assert expected == "expected: the address that `dask scheduler` prints."
    assert step == START


def test_tls_without_certificates() -> None:
    with pytest.raises(UsageError) as caught:
        check_role(Address("tls", "head", 8786))
    settings = "DASK_DISTRIBUTED__COMM__TLS__"
    assert str(caught.value) == (
        "tls://head:8786 needs certificates from Dask's settings, and they name none.\n"
        "expected: ca-file, client.cert and client.key under distributed.comm.tls.\n"
        f"next: export {settings}CA_FILE=ca.pem {settings}CLIENT__CERT=own.pem "
        f"{settings}CLIENT__KEY=key.pem"
    )
