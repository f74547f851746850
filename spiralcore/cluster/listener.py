"""Who listens at the address of a Dask scheduler.

This is asked before Dask's own client is, which waits for an answer that never comes where a web
server, or anybody else who does not speak its protocol, listens. What is said first tells: whoever
speaks Dask's protocol begins by naming its pickle protocol, and a web server answers a request.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import Enum
from typing import Any

from distributed.core import rpc
from distributed.security import Security

from spiralcore.cluster.address import DEFAULT_PORT, EXAMPLE, Address
from spiralcore.errors import SpiralError, UsageError, harmless

PATIENCE = 4.0
"""Seconds for finding a host, and for a first answer."""

ROLE_PATIENCE = 8.0
"""Seconds for the second answer, of whoever has given the first."""

GREETING_SECONDS = 1.0
"""Whoever speaks first mostly does it within this time; then a question is put."""

GREETING = b"pickle-protocol"
"""In the first message of whoever speaks Dask's protocol."""

REQUEST = b"GET / HTTP/1.0\r\n\r\n"


TLS = "DASK_DISTRIBUTED__COMM__TLS__"
"""How Dask's settings for TLS begin where they are variables of the environment."""


class Listener(Enum):
    """Who listens at an address."""

    NOBODY = "nobody"
    DASK = "dask"
    WEB = "web"
    TLS = "tls"
    OTHER = "other"
    SILENT = "silent"


def check_listener(address: Address) -> None:
    """Make sure that somebody listens who speaks Dask's protocol.

    Raises
    ------
    UsageError
        If there is no such host, or somebody else listens.
    SpiralError
        If nobody does.
    """
    _check_host(address)
    found = listener(address)
    other = Address("tls" if address.scheme == "tcp" else "tcp", address.host, address.port)
    expected = f"the address that `dask scheduler` prints, such as {EXAMPLE}."
    start = f"dask scheduler --host 127.0.0.1, then --scheduler {EXAMPLE}"
    if found is Listener.NOBODY:
        raise SpiralError(
            f"No Dask scheduler answers at {address}.",
            "the address that `dask scheduler` prints.",
            start,
        )
    if found is Listener.WEB:
        raise UsageError(
            f"A web server listens at {address}, such as that of Dask's dashboard.",
            expected,
            f"--scheduler {Address('tcp', address.host, DEFAULT_PORT)}",
        )
    if found is Listener.OTHER:
        raise UsageError(f"What listens at {address} is no Dask scheduler.", expected, start)
    if found is Listener.SILENT:
        raise UsageError(
            f"What listens at {address} does not answer as a Dask scheduler does.",
            expected,
            start,
        )
    if (found, address.scheme) in ((Listener.TLS, "tcp"), (Listener.DASK, "tls")):
        raise UsageError(
            f"What listens at {address} speaks {other.scheme}, and not {address.scheme}.",
            f"an address that begins with {other.scheme}://.",
            f"--scheduler {other}",
        )


def listener(address: Address) -> Listener:
    """Find out who listens, in `PATIENCE` and some seconds at most."""
    try:
        connection = socket.create_connection((address.host, address.port), PATIENCE)
    except OSError:
        return Listener.NOBODY
    with connection:
        heard = _hear(connection, GREETING_SECONDS)
        if not heard:
            with suppress(OSError):
                connection.sendall(REQUEST)
            heard = _hear(connection, PATIENCE - GREETING_SECONDS)
    if GREETING in heard:
        return Listener.DASK
    if heard.startswith(b"HTTP/"):
        return Listener.TLS if _speaks_tls(address) else Listener.WEB
    if _speaks_tls(address):
        return Listener.TLS
    return Listener.OTHER if heard else Listener.SILENT


def _hear(connection: socket.socket, seconds: float) -> bytes:
    """What is said first, or nothing."""
    connection.settimeout(seconds)
    with suppress(OSError):
        return connection.recv(4096)
    return b""


def _speaks_tls(address: Address) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Nothing is told to whoever answers, so it does not matter who it is.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((address.host, address.port), GREETING_SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=address.host),
        ):
            return True
    except ssl.SSLError as error:
        # An alert is TLS, too: for example that a certificate is asked for.
        return "ALERT" in (error.reason or "")
    except (OSError, ValueError):
        return False


def _check_host(address: Address) -> None:
    """Look a host up, in a thread, as a name server that is far away cannot be interrupted."""
    errors: list[str] = []

    def look_up() -> None:
        try:
            socket.getaddrinfo(address.host, address.port)
        except (OSError, UnicodeError) as error:
            errors.append(getattr(error, "strerror", None) or str(error))

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if errors or thread.is_alive():
        what = errors[0] if errors else "no name server has answered"
        raise UsageError(
            f"There is no host '{harmless(address.host)}' that this machine can find: {what}.",
            "the address that `dask scheduler` prints.",
            f"dask scheduler --host 127.0.0.1, then --scheduler {EXAMPLE}",
        )


def check_role(address: Address) -> None:
    """Make sure that it is a scheduler that listens, and not a worker.

    Raises
    ------
    UsageError
        If it is not, or settings for TLS are missing.
    SpiralError
        If it does not answer.
    """
    arguments = _certificates(address)

    async def identity() -> dict[str, Any]:
        async with rpc(str(address), connection_args=arguments) as other:
            found: dict[str, Any] = await other.identity()
            return found

    try:
        # In a thread of its own: notebooks have a loop that runs in theirs.
        with ThreadPoolExecutor(1) as thread:
            question = asyncio.wait_for(identity(), ROLE_PATIENCE)
            found = thread.submit(asyncio.run, question).result()
    except (OSError, TimeoutError):
        raise SpiralError(
            f"The Dask scheduler at {address} does not answer.",
            "one that is not busy, and with TLS one that takes our certificate.",
            "the same command tries again",
        ) from None
    role = str(found.get("type")).lower()
    if role != "scheduler":
        raise UsageError(
            f"A Dask {role} listens at {address}, and not a scheduler.",
            "the address that `dask scheduler` prints.",
            f"--scheduler {found['scheduler']}" if "scheduler" in found else "",
        )


def _certificates(address: Address) -> dict[str, Any]:
    """What Dask's settings say of TLS."""
    try:
        arguments: dict[str, Any] = Security().get_connection_args("client")
        what = "they name none"
    except (OSError, ValueError) as error:
        arguments, what = {}, f"those they name cannot be read: {error}"
    if address.scheme == "tls" and arguments.get("ssl_context") is None:
        raise UsageError(
            f"{address} needs certificates from Dask's settings, and {what}.",
            "ca-file, client.cert and client.key under distributed.comm.tls.",
            f"export {TLS}CA_FILE=ca.pem {TLS}CLIENT__CERT=own.pem {TLS}CLIENT__KEY=key.pem",
        )
    return arguments
