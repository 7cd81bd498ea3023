"""Carry a batch of entries to a receiver, and tell what it said. Nothing here knows the database.

A batch is taken as a whole or not at all: what failed in the middle is sent again from its start,
so that a receiver may see an entry twice and none is lost.
"""

from __future__ import annotations

import fcntl
import os
import socket
import ssl
import sys
import termios
import time
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from audits.services.streams.addresses import Transport, allowed, tls
from audits.streams import syslog
from audits.streams.formats import FORMATS, media_type
from core.outbound import posting
from core.outbound.addresses import Forbidden, resolve, system_resolver
from core.release import version
from registry.services.webhooks import signing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from audits.services.streams.addresses import Place
    from core.outbound.addresses import Endpoint

GOODBYE_SECONDS = 5.0
LIMITS = posting.Limits(connect_seconds=5, total_seconds=15, answer_bytes=1_024)
# What a receiver answers when the entry itself is wrong, so that trying again cannot help.
REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


class Answer(Enum):
    """What came of a batch."""

    TAKEN = "taken"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Sent:
    """What came of a batch, and why where it was not taken."""

    answer: Answer
    error: str = ""


TAKEN = Sent(Answer.TAKEN)


@dataclass(frozen=True)
class Letter:
    """What one request says beside its entries: which id, when, and with what secrets."""

    message: UUID
    at: datetime
    headers: dict[str, str]
    secret: bytes


def send(place: Place, entries: Sequence[dict[str, Any]], *, shape: str, letter: Letter) -> Sent:
    """Send ``entries`` in the format called ``shape``; never raises for what the network does."""
    texts = [FORMATS[shape](entry) for entry in entries]
    try:
        if place.transport == Transport.FILE:
            assert place.file is not None
            return _append(place.file, texts)
        assert place.endpoint is not None
        if place.transport == Transport.HTTP:
            return _post(place.endpoint, texts, shape=shape, letter=letter)
        process = str(os.getpid())
        messages = [
            syslog.message(entry, text, process=process)
            for entry, text in zip(entries, texts, strict=True)
        ]
        return _syslog(place, place.endpoint, messages)
    except (OSError, Forbidden) as error:
        return Sent(Answer.FAILED, f"{type(error).__name__}: {error}")


def _post(target: Endpoint, texts: list[str], *, shape: str, letter: Letter) -> Sent:
    body = "\n".join(texts).encode() + (b"\n" if len(texts) > 1 else b"")
    signed = signing.headers(
        body,
        message=letter.message,
        timestamp=int(letter.at.timestamp()),
        secrets=[letter.secret] if letter.secret else [],
    )
    if not letter.secret:
        signed.pop("webhook-signature")
    reply = posting.post(
        target,
        body,
        headers={
            "Content-Type": media_type(shape, many=len(texts) > 1),
            "User-Agent": f"muniment/{version()}",
            **signed,
            **letter.headers,
        },
        allowed=allowed(),
        limits=LIMITS,
        tls=tls(),
    )
    if reply.status is None:
        return Sent(Answer.FAILED, reply.error)
    if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return TAKEN
    said = f"the receiver answered {reply.status}: {reply.body.decode('utf-8', 'replace')[:200]}"
    return Sent(Answer.REFUSED if reply.status in REFUSALS else Answer.FAILED, said)


def _append(path: Path, texts: list[str]) -> Sent:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Others may rotate the file: it is opened anew each time.
    with path.open("ab") as file:
        start = file.tell()
        try:
            file.write("".join(f"{text}\n" for text in texts).encode())
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            file.truncate(start)  # half a line would swallow the next one
            raise
    return TAKEN


def _syslog(place: Place, target: Endpoint, messages: list[bytes]) -> Sent:
    address = str(resolve(target, allowed=allowed(), resolver=system_resolver))
    if place.scheme == "syslog+udp":
        return _datagrams((address, target.port), messages)
    with socket.create_connection((address, target.port), LIMITS.connect_seconds) as opened:
        opened.settimeout(LIMITS.total_seconds)
        if place.scheme == "syslog":
            opened.sendall(syslog.framed(messages))
            return _read_to_end(opened)
        with tls().wrap_socket(opened, server_hostname=target.host) as secure:
            secure.sendall(syslog.framed(messages))
            return _read_to_end(secure)


def _datagrams(address: tuple[str, int], messages: list[bytes]) -> Sent:
    if any(len(each) > syslog.MOST_DATAGRAM for each in messages):
        return Sent(Answer.REFUSED, "the entry does not fit into a datagram")
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as opened:
        opened.connect(address)
        for each in messages:
            opened.send(each)
    return TAKEN


def _read_to_end(opened: socket.socket) -> Sent:
    """Say goodbye, and wait for the receiver's: syslog has no answer, and only a receiver that
    closes has read everything. One that resets the connection has not.

    Of one that neither closes nor resets it must do that its TCP has acknowledged all bytes.
    """
    opened.settimeout(GOODBYE_SECONDS)
    deadline = time.monotonic() + GOODBYE_SECONDS
    try:
        if isinstance(opened, ssl.SSLSocket):
            opened.unwrap()
            return TAKEN
        opened.shutdown(socket.SHUT_WR)
        while opened.recv(1_024) and time.monotonic() < deadline:
            pass
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError):
        return TAKEN  # it closed without a goodbye of its own
    except TimeoutError:
        if _unacknowledged(opened):
            return Sent(Answer.FAILED, "the receiver did not acknowledge all that was sent")
    return TAKEN


def _unacknowledged(opened: socket.socket) -> int:
    waiting = fcntl.ioctl(opened.fileno(), termios.TIOCOUTQ, bytes(4))
    return int.from_bytes(waiting, sys.byteorder)
