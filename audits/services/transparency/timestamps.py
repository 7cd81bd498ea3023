"""Timestamps of checkpoints by an authority (RFC 3161): that a note existed at a time."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from cryptography import x509
from django.conf import settings

from audits.models import LogAnchor
from audits.services.transparency.outcomes import Anchored, Failed
from core.outbound import posting
from core.release import version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from audits.models import LogCheckpoint, LogSink
    from audits.services.transparency.outcomes import Outcome
    from core.outbound.addresses import Endpoint, Network

LIMITS = posting.Limits(
    connect_seconds=5, total_seconds=20, answer_bytes=128 * 1024, whole_answer=True
)
PREFIX = "timestamp:"
NOT_INSTALLED = "timestamps need an optional part: `python3 manage.py up --extras` installs it"


class WrongTimestamp(ValueError):
    """A timestamp is not of the note, or not signed under a root that the settings name."""


@dataclass(frozen=True)
class Authority:
    """A sink of the log; ``roots`` is a PEM file of the certificates that are trusted."""

    endpoint: Endpoint
    allowed: Sequence[Network]
    roots: str
    pause: timedelta
    kind: ClassVar[str] = "timestamp"
    remembers: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """Return what tells the authority from the other sinks."""
        return f"{PREFIX}{self.endpoint.authority}{self.endpoint.path.partition('?')[0]}"[:200]

    def take(self, checkpoint: LogCheckpoint, row: LogSink) -> Outcome:
        """Have the note's SHA-256 timestamped; the receipt is the answer in base64."""
        try:
            request, query = _request(checkpoint.note)
            reply = posting.post(
                self.endpoint,
                query,
                headers={
                    "Content-Type": "application/timestamp-query",
                    "User-Agent": f"muniment/{version()}",
                },
                allowed=self.allowed,
                limits=LIMITS,
            )
            if reply.status != HTTPStatus.OK:
                return Failed(reply.error or f"the authority answered {reply.status}")
            time_of(reply.body, checkpoint.note, roots=self.roots, request=request)
        except WrongTimestamp as error:
            return Failed(str(error))
        return Anchored(base64.b64encode(reply.body).decode("ascii"))


def _request(note: str) -> tuple[Any, bytes]:
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError:
        raise WrongTimestamp(NOT_INSTALLED) from None
    builder = TimestampRequestBuilder().data(note.encode()).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.build()
    return request, request.as_bytes()


def time_of(answer: bytes, note: str, *, roots: str, request: Any = None) -> datetime:
    """Return the moment at which an authority says that it saw ``note``.

    ``answer`` is its DER, ``roots`` a PEM file, ``request`` ours, whose nonce the answer repeats.
    Raises WrongTimestamp unless a certificate under a root signed it for the note's SHA-256.
    """
    try:
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError:
        raise WrongTimestamp(NOT_INSTALLED) from None
    trusted = _certificates(roots)
    try:
        response = decode_timestamp_response(answer)
        builder = VerifierBuilder.from_request(request) if request else VerifierBuilder()
        for certificate in trusted:
            builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(response, note.encode())
        moment: datetime = response.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise WrongTimestamp(f"the timestamp does not verify: {error}") from error
    return moment


def _certificates(roots: str) -> list[x509.Certificate]:
    if not roots:
        raise WrongTimestamp("MUNIMENT_LOG_TIMESTAMP_ROOTS names no file of trusted certificates")
    try:
        found = x509.load_pem_x509_certificates(Path(roots).read_bytes())
    except (OSError, ValueError) as error:
        raise WrongTimestamp(f"MUNIMENT_LOG_TIMESTAMP_ROOTS: {error}") from error
    return found


@dataclass(frozen=True)
class Looked:
    """How many stored timestamps verify, and what is wrong with the others."""

    verified: int
    wrong: list[str]


def verify_stored() -> Looked:
    """Verify every timestamp that is stored, under the roots that the settings name."""
    verified, wrong = 0, list[str]()
    rows = LogAnchor.objects.filter(sink__startswith=PREFIX).select_related("checkpoint")
    for row in rows.order_by("checkpoint__size").iterator(500):
        try:
            answer = base64.b64decode(row.receipt, validate=True)
            time_of(answer, row.checkpoint.note, roots=settings.LOG_TIMESTAMP_ROOTS)
        except (WrongTimestamp, binascii.Error) as error:
            wrong.append(f"the timestamp of {row.checkpoint.size} entries: {error}")
        else:
            verified += 1
    return Looked(verified, wrong)
