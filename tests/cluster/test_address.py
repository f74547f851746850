from __future__ import annotations

import pytest

from spiralcore.cluster.address import Address
from spiralcore.errors import UsageError

PRINTED = "expected: the address that `dask scheduler` prints, such as tcp://127.0.0.1:8786.\n"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("tcp://127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("TCP://Head.Cluster:1/", "tcp://head.cluster:1"),
        ("tls://head:65535", "tls://head:65535"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
    ],
)
def test_addresses_of_schedulers(text: str, read: str) -> None:
    assert str(Address.parse(text)) == read
    assert Address.parse(read) == Address.parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "http://127.0.0.1:8787/status",
            "'http://127.0.0.1:8787/status' is the address of a web page, such as Dask's "
            f"dashboard.\n{PRINTED}next: --scheduler tcp://127.0.0.1:8786",
        ),
        (
            "https://head",
            "'https://head' is the address of a web page, such as Dask's dashboard.\n"
            f"{PRINTED}next: --scheduler tcp://head:8786",
        ),
        (
            "head",
            f"'head' is not an address: it has no port.\n{PRINTED}"
            "next: --scheduler tcp://head:8786",
        ),
        (
            "tls://[::1]",
            f"'tls://[::1]' is not an address: it has no port.\n{PRINTED}"
            "next: --scheduler tls://[::1]:8786",
        ),
        *(
            (text, f"{text!r} is not an address: {reason}.\n{PRINTED}next: --scheduler {example}")
            for example in ["tcp://127.0.0.1:8786"]
            for text, reason in [
                ("", "it has no host"),
                ("tcp://", "it has no host"),
                ("tcp://:8786", "it has no host"),
                ("head:99999", "port out of range 0-65535"),
                ("head:eight", "port could not be cast to integer value as 'eight'"),
                ("udp://head:8786", "there is no scheme 'udp' but tcp and tls"),
                ("tcp://head:8786/status", "it has more than a host and a port"),
                ("tcp://me@head:8786", "it has more than a host and a port"),
            ]
        ),
    ],
)
def test_what_is_no_address_of_a_scheduler(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Address.parse(text)
    assert str(caught.value) == message
