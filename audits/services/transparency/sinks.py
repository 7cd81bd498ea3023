"""Where checkpoints go beside the file: what the settings name, and what each may answer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Protocol

from django.conf import settings

from audits.services.transparency.repositories import Repository
from audits.services.transparency.timestamps import Authority
from audits.services.transparency.witnessing import CosigningWitness
from audits.transparency.notes import NoteError
from audits.witnesses.cosignatures import witness_key
from core.errors import InvalidInput
from core.outbound.addresses import Endpoint, endpoint, networks

if TYPE_CHECKING:
    from audits.models import LogCheckpoint, LogSink
    from audits.services.transparency.outcomes import Outcome

# The operator chose these addresses, in the settings: no user can make us speak to others.
ANYWHERE = networks(["0.0.0.0/0", "::/0"], field="network")
WITNESS = re.compile(r"(\S+)\s+(\S+)\Z")


class Sink(Protocol):
    """A place outside of the database that is told of checkpoints, the newest one each time.

    ``remembers`` tells that it keeps what it was told, and holds it against an older log.
    """

    kind: ClassVar[str]
    remembers: ClassVar[bool]

    @property
    def name(self) -> str:
        """Return what tells the sink from the others, without credentials."""
        ...

    @property
    def pause(self) -> timedelta:
        """Return how long it is left alone after it took a checkpoint."""
        ...

    def take(self, checkpoint: LogCheckpoint, row: LogSink) -> Outcome:
        """Tell of a checkpoint; ``row`` has what the sink took before. Never in a transaction."""
        ...


def configured() -> list[Sink]:
    """Return the sinks that the settings name; raises InvalidInput for settings without sense."""
    pause = timedelta(seconds=settings.LOG_ANCHOR_SECONDS)
    found: list[Sink] = [_witness(text, pause) for text in settings.LOG_WITNESSES]
    if settings.LOG_GIT:
        found.append(Repository(settings.LOG_GIT, settings.LOG_GIT_FOLDER, pause))
    if settings.LOG_TIMESTAMP_URL:
        found.append(_authority())
    names = [each.name for each in found]
    if len(set(names)) < len(names):
        raise InvalidInput.of("MUNIMENT_LOG_WITNESSES", "names a witness twice")
    return found


def sink(name: str) -> Sink | None:
    """Return one of them by its name."""
    return next((each for each in configured() if each.name == name), None)


def _witness(text: str, pause: timedelta) -> CosigningWitness:
    setting = "MUNIMENT_LOG_WITNESSES"
    if not (parts := WITNESS.match(text)):
        raise InvalidInput.of(setting, f"{text[:80]!r} is not an address, a space and a key")
    try:
        key = witness_key(parts[2])
    except NoteError as error:
        raise InvalidInput.of(setting, f"{parts[2][:80]!r}: {error}") from error
    return CosigningWitness(_endpoint(parts[1].rstrip("/"), setting), ANYWHERE, key, pause)


def _authority() -> Authority:
    address = _endpoint(settings.LOG_TIMESTAMP_URL, "MUNIMENT_LOG_TIMESTAMP_URL")
    pause = timedelta(seconds=settings.LOG_TIMESTAMP_SECONDS)
    return Authority(address, ANYWHERE, settings.LOG_TIMESTAMP_ROOTS, pause)


def _endpoint(url: str, setting: str) -> Endpoint:
    return endpoint(url, field=setting, plain_http=True, allowed=ANYWHERE)
