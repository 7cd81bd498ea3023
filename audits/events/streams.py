"""What happens to streams. Of an address only the host, or the file's name, is journalled: the rest
may be secret."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class StreamEvent(Event):
    """Base of what happens to a stream of the journal."""

    stream: str
    host: str


@dataclass(frozen=True, kw_only=True)
class StreamCreated(StreamEvent):
    """A system outside is told of journal entries from now on."""

    action = "audits.stream.created"


@dataclass(frozen=True, kw_only=True)
class StreamChanged(StreamEvent):
    """Address, filter, format or secrets of a stream changed, or it was paused or resumed."""

    action = "audits.stream.changed"


@dataclass(frozen=True, kw_only=True)
class StreamDeleted(StreamEvent):
    """A stream is gone for good, with its secrets."""

    action = "audits.stream.deleted"


@dataclass(frozen=True, kw_only=True)
class StreamTested(StreamEvent):
    """Somebody asked for a test event."""

    action = "audits.stream.tested"


@dataclass(frozen=True, kw_only=True)
class StreamReplayed(StreamEvent):
    """A stream is told once more of every entry from the place ``seq`` on."""

    action = "audits.stream.replayed"

    seq: int


@dataclass(frozen=True, kw_only=True)
class StreamRetried(StreamEvent):
    """What the receiver of a stream refused is sent once more."""

    action = "audits.stream.retried"

    entries: int
