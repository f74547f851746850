"""`spiral watch`: the explorer of a file while it grows."""

from __future__ import annotations

import os
import secrets
import sys
import threading
import webbrowser
from pathlib import Path

import click

from spiralcore.cli import interrupts
from spiralcore.errors import UsageError
from spiralcore.shell import quoted

TOKEN_BYTES = 24


@click.command("watch")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--open/--no-open", "opens", default=True, help="Open the page in a browser.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="Of the server; 0 takes a free one.",
)
def command(file: Path, opens: bool, port: int) -> None:
    """Follow a training: the page of its FILE, while a recorder writes it.

    The page shows the file as it was saved last, and stays where one has scrubbed to. It is served
    on this machine alone, to whoever knows its address, until Ctrl-C.
    """
    if file.is_dir():
        raise UsageError(
            f"{file} is a folder.", "a trajectory file.", f"spiral watch {quoted(file / 'run.npz')}"
        )
    from spiralcore.gallery.watch.page import watching

    server, watched = watching(file, port, secrets.token_urlsafe(TOKEN_BYTES))
    with server:
        click.echo(f"{server.address} (Ctrl-C ends it)")
        if not watched.is_there:
            click.echo(f"{file} is not there yet; the page shows it as soon as it is")
        if opens and _has_screen():
            # A browser may take its time, or the terminal's.
            threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
        interrupts.serve()
        server.serve_forever()


def _has_screen() -> bool:
    """Whether a browser has somewhere to open, but for one that would take the terminal."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in named)
