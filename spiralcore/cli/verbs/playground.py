"""`spiral playground`: the page that trains, alone."""

from __future__ import annotations

from pathlib import Path

import click

from spiralcore.cli import interrupts
from spiralcore.cli.option_kinds import ListCommand
from spiralcore.errors import UsageError
from spiralcore.shell import quoted

PORT = 8000


@click.command("playground", cls=ListCommand)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Write the page into this HTML file. [default: serve it]",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Of the server; 0 takes a free one.",
)
def command(output: Path | None, port: int) -> None:
    """Train in the browser: one page, which computes by itself and asks nobody for anything.

    Without --output it is served on this machine alone, until Ctrl-C. The file of --output opens by
    a double click, from a mail or a school's server.
    """
    if output is not None and output.suffix.lower() not in (".html", ".htm"):
        raise UsageError(
            f"{output} does not end like a page.",
            "a file.html.",
            f"--output {quoted(output.with_suffix('.html'))}",
        )
    if output is not None and output.is_dir():
        raise UsageError(
            f"{output} is a folder.", "a file.", f"--output {quoted(output / 'train.html')}"
        )
    from spiralcore.gallery.playground import playground

    page = playground().encode()
    if output is None:
        _serve(page, port)
        return
    from spiralcore.system.files import whole_file

    with whole_file(output) as part:
        part.write_bytes(page)
    click.echo(f"{output}: {len(page) / 1000:.0f} kB")


def _serve(page: bytes, port: int) -> None:
    """Serve the page on this machine until somebody stops it."""
    from spiralcore.gallery.watch.loopback import Answer, Loopback

    answer = Answer(page, "text/html; charset=utf-8")
    with Loopback(dict.fromkeys(("", "index.html"), lambda known: answer), port) as server:
        click.echo(f"{server.address} (Ctrl-C ends it)")
        interrupts.serve()
        server.serve_forever()
