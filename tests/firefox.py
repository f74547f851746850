"""Debian's Firefox, as Playwright can drive it.

Playwright speaks WebDriver BiDi with it, and sets the media features of each new context by a
command that this Firefox does not have. So it is started by this program, which passes everything
on but that command: in its place Firefox is asked for its status, which does nothing. What a page
shall find out about its reader is a preference of the whole browser (`PREFERENCES`).
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

UNKNOWN, HARMLESS = b'"emulation.setMediaFeaturesOverride"', b'"session.status"'

PREFERENCES: dict[str, str | float | bool] = {
    "ui.prefersReducedMotion": 1,
    "layout.css.prefers-color-scheme.content-override": 1,
    "layout.frame_rate": 30,
    "dom.ipc.processCount": 1,
    "dom.ipc.processPrelaunch.enabled": False,
}
"""Less motion, light; few frames and few processes, as without a graphics card both cost much."""

LISTENING = re.compile(rb"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)")


@cache
def folder() -> Path:
    """Where its things are until the tests end."""
    made = tempfile.mkdtemp(prefix="firefox-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def saved(name: str) -> Path:
    """A file that it saves, when it is all there; Playwright does not hear of those of scripts."""
    found = folder() / "saved" / name
    while not found.exists() or found.with_name(f"{name}.part").exists():
        time.sleep(0.05)
    return found


def launcher(firefox: str) -> Path:
    """A program that starts this Firefox behind this passage."""
    made = folder() / "firefox"
    made.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, __file__, firefox])} "$@"\n')
    made.chmod(0o755)
    return made


async def _from_playwright(playwright: asyncio.StreamReader, firefox: asyncio.StreamWriter) -> None:
    """Pass frames on, RFC 6455, section 5.2; those of a client are masked."""
    request = await playwright.readuntil(b"\r\n\r\n")
    host, port = firefox.get_extra_info("peername")
    # It serves nobody who calls it by another name; and frames that are packed cannot be read.
    request = re.sub(rb"(?im)^Host:.*\r\n", b"Host: %s:%d\r\n" % (host.encode(), port), request)
    firefox.write(re.sub(rb"(?im)^Sec-WebSocket-Extensions:.*\r\n", b"", request))
    while True:
        head = await playwright.readexactly(2)
        size, more = head[1] & 127, b""
        if size >= 126:
            more = await playwright.readexactly(2 if size == 126 else 8)
            size = int.from_bytes(more)
        mask = await playwright.readexactly(4)
        said = _masked(await playwright.readexactly(size), mask)
        # Spaces after it leave the length, and so the frame, as they were.
        said = said.replace(UNKNOWN, HARMLESS).ljust(size)
        firefox.write(head + more + mask + _masked(said, mask))
        await firefox.drain()


def _masked(data: bytes, mask: bytes) -> bytes:
    whole = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data) ^ int.from_bytes(whole)).to_bytes(len(data))


async def _from_firefox(firefox: asyncio.StreamReader, playwright: asyncio.StreamWriter) -> None:
    while data := await firefox.read(1 << 16):
        playwright.write(data)
        await playwright.drain()


async def run(command: list[str]) -> int:
    """Start Firefox and tell the way to it as Firefox does, but through here."""
    started = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, started.terminate)
    assert started.stderr is not None

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        own_reader, own_writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await asyncio.wait(
                [
                    asyncio.create_task(_from_playwright(reader, own_writer)),
                    asyncio.create_task(_from_firefox(own_reader, writer)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
        writer.close()
        own_writer.close()

    port = 0
    while line := await started.stderr.readline():
        if found := LISTENING.search(line):
            port = int(found[1])
            server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
            own = server.sockets[0].getsockname()[1]
            line = line.replace(found[1], str(own).encode())
        os.write(2, line)
    return await started.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(run(sys.argv[1:])))
