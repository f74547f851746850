"""The address of a Dask scheduler."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from spiralcore.errors import UsageError

EXAMPLE = "tcp://127.0.0.1:8786"

DEFAULT_PORT = 8786
"""Of a Dask scheduler, unless it is told otherwise."""

SCHEMES = ("tcp", "tls")


@dataclass(frozen=True)
class Address:
    """Where a scheduler should be.

    Attributes
    ----------
    scheme
        ``tcp`` or ``tls``.
    host, port
        Name or number of the machine, and port.
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read an address; without a scheme it is one of ``tcp``.

        Raises
        ------
        UsageError
            If it is none of a scheduler.
        """
        scheme, _, rest = text.partition("://") if "://" in text else ("tcp", "", text)
        scheme = scheme.lower()
        try:
            parts = urlsplit(f"//{rest}")
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise _no_address(text, f"{error}".lower()) from None
        if scheme in ("http", "https"):
            raise UsageError(
                f"{text!r} is the address of a web page, such as Dask's dashboard.",
                f"the address that `dask scheduler` prints, such as {EXAMPLE}.",
                f"--scheduler {cls('tcp', host or '127.0.0.1', DEFAULT_PORT)}",
            )
        if scheme not in SCHEMES:
            raise _no_address(text, f"there is no scheme '{scheme}' but tcp and tls")
        if not host:
            raise _no_address(text, "it has no host")
        if not port:
            raise UsageError(
                f"{text!r} is not an address: it has no port.",
                f"the address that `dask scheduler` prints, such as {EXAMPLE}.",
                f"--scheduler {cls(scheme, host, DEFAULT_PORT)}",
            )
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
            raise _no_address(text, "it has more than a host and a port")
        return cls(scheme, host, port)


def _no_address(text: str, reason: str) -> UsageError:
    return UsageError(
        f"{text!r} is not an address: {reason}.",
        f"the address that `dask scheduler` prints, such as {EXAMPLE}.",
        f"--scheduler {EXAMPLE}",
    )
