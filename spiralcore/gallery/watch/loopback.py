"""A server for this machine alone: it answers, takes nothing, and asks who asks."""

from __future__ import annotations

import hmac
import re
import sys
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from spiralcore.errors import UsageError

LOOPBACK = "127.0.0.1"

HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
"""What browsers call this machine, with any port, as ports are forwarded. Another name that leads
here is that of a stranger's page (DNS rebinding)."""

VERBS = ("GET", "HEAD")

HEADERS = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

FRAMED = "frame-ancestors 'none'"
"""The rest of the page's policy stands in the page itself, where this may not stand."""


class Answer(NamedTuple):
    """What is sent.

    Attributes
    ----------
    body, kind
        Bytes, and their media type.
    tag
        What tells it from other answers at the same place, in quotes; empty if nothing does.
    """

    body: bytes
    kind: str
    tag: str = ""


Answers = Mapping[str, Callable[[str], Answer | None]]
"""By place: called with the tag that the browser has; None if that is still right."""


class Loopback(ThreadingHTTPServer):
    """Answers at 127.0.0.1.

    Parameters
    ----------
    answers
        What is where; the page has the empty place.
    port
        0 takes a free one.
    token
        What addresses have to begin with; nothing if empty.

    Attributes
    ----------
    address
        Of the page.

    Raises
    ------
    UsageError
        If the port cannot be used.
    """

    # On Windows this would let two servers have one port, and one of them would never be asked.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, answers: Answers, port: int, token: str = "") -> None:
        self.answers, self.token = answers, token
        try:
            super().__init__((LOOPBACK, port), _Handler)
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be used: {error.strerror}.", "a free port.", "--port 0"
            ) from None
        self.address = f"http://{LOOPBACK}:{self.server_address[1]}/{token and f'{token}/'}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that has gone is no error."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: Loopback
    timeout = 30
    server_version, sys_version = "spiral", ""

    def parse_request(self) -> bool:
        """Read the request, and refuse it if it is none that is answered."""
        if not super().parse_request():
            return False
        refused = self._refused()
        if refused is not None:
            self._send(*refused)
        return refused is None

    def _refused(self) -> tuple[int, Answer] | None:
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or not HOST.fullmatch(hosts[0].strip()):
            return 403, _said("This is for the machine alone that it runs on.")
        if not self._place().startswith("/") or not self._is_known():
            return 403, _said("The whole address is needed, as the terminal has printed it.")
        if self.command not in VERBS:
            return 405, _said("There is nothing to write here.")
        return None

    def _place(self) -> str:
        return self.path.partition("?")[0]

    def _is_known(self) -> bool:
        """Whether the address has the token; the time that takes says nothing of it."""
        given = self._place().split("/", 2)[1]
        return not self.server.token or hmac.compare_digest(
            given.encode(errors="replace"), self.server.token.encode()
        )

    def do_GET(self) -> None:
        """Answer, or say that the browser has it already."""
        begin = f"/{self.server.token}/" if self.server.token else "/"
        answer = self.server.answers.get(self._place().removeprefix(begin))
        if answer is None:
            return self._send(404, _said("There is nothing at this address."))
        found = answer(self.headers.get("If-None-Match", ""))
        self._send(200 if found else 304, found or Answer(b"", ""))

    def do_HEAD(self) -> None:
        """The same without the body."""
        self.do_GET()

    def _send(self, code: int, answer: Answer) -> None:
        self.send_response(code)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        is_page = answer.kind.startswith("text/html")
        self.send_header("Content-Security-Policy", FRAMED if is_page else "default-src 'none'")
        if code == 405:
            self.send_header("Allow", ", ".join(VERBS))
        if answer.tag:
            self.send_header("ETag", answer.tag)
        if code != 304:
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        """Say nothing: the terminal is for people."""


def _said(text: str) -> Answer:
    return Answer(f"{text}\n".encode(), "text/plain; charset=utf-8")
