"""Messages of syslog, and how they are told apart on a connection.

Sources: RFC 5424 (messages), RFC 6587 section 3.4.1 (octet counting over TCP), RFC 5425 (TLS, which
counts too), RFC 5426 (one message a datagram).
"""

from __future__ import annotations

import re
from typing import Any

LOG_AUDIT, NOTICE, WARNING = 13, 5, 4
NAME = "muniment"
# Enterprise number 32473 is the one that RFC 5612 keeps for documentation.
ELEMENT = "muniment@32473"
MOST_DATAGRAM = 65_507 - 40
UNPRINTABLE = re.compile(r"[^\x21-\x7e]")
ESCAPED = re.compile(r'(["\\\]])')


def message(entry: dict[str, Any], text: str, *, process: str) -> bytes:
    """Return a message about an entry: what happened as structured data, ``text`` as its body.

    The body is UTF-8 without a byte order mark, which the RFC allows (MSG-ANY): collectors that
    hand it on to a parser of JSON would hand on the mark, too.
    """
    severity = NOTICE if entry["outcome"] == "success" else WARNING
    data = {
        "id": entry["uuid"],
        "seq": entry["seq"],
        "action": entry["action"],
        "outcome": entry["outcome"],
        "workspace": entry["workspace"],
    }
    given = [f'{key}="{_escaped(value)}"' for key, value in data.items() if value is not None]
    fields = (
        f"<{LOG_AUDIT * 8 + severity}>1",
        entry["occurred_at"].replace("+00:00", "Z"),
        _word(entry["instance"], 255),
        NAME,
        _word(process, 128),
        _word(entry["action"], 32),
        f"[{ELEMENT} {' '.join(given)}]",
        text,
    )
    return " ".join(fields).encode()


def framed(messages: list[bytes]) -> bytes:
    """Return messages as they stand on a connection: each behind its length."""
    return b"".join(b"%d %s" % (len(each), each) for each in messages)


def _word(text: str, length: int) -> str:
    return UNPRINTABLE.sub("_", text)[:length] or "-"


def _escaped(value: object) -> str:
    return ESCAPED.sub(r"\\\1", str(value))
