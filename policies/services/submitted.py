"""Documents as they come in: read, relieved of secrets, taken apart into resources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core import plain_yaml
from core.canonical import canonical_bytes, sha256
from core.errors import InvalidInput, TooLarge
from core.http import parsers
from policies.models import SourceDocument
from policies.normalisers import FORMS, Hints, NormalisationError, normalise
from policies.normalisers.short_forms import function_of
from policies.normalisers.withholding import withheld
from policies.queries.reads import reads_by_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.normalisers import NormalisedResource, Skipped

MAX_SOURCE_BYTES = 16 * 1024 * 1024
# YAML takes longer to read than JSON by far.
MAX_YAML_BYTES = 4 * 1024 * 1024
JSON_TYPE = "application/json"


@dataclass(frozen=True)
class Read:
    """What was in a document, and its bytes as they are kept."""

    resources: Sequence[NormalisedResource]
    skipped: Sequence[Skipped]
    source: SourceDocument


def read_bytes(body: bytes, *, form: str, hints: Hints) -> Read:
    """Read JSON or YAML of a form.

    Raises TooLarge beyond MAX_SOURCE_BYTES, and InvalidInput for what is no such text or of
    another form.
    """
    _require_form(form)
    if len(body) > MAX_SOURCE_BYTES:
        raise TooLarge(f"The document is over the limit of {MAX_SOURCE_BYTES} bytes; split it.")
    document, media_type = _parsed(body)
    return _read(document, form=form, hints=hints, body=body, media_type=media_type)


def read_document(document: Any, *, form: str, hints: Hints) -> Read:
    """Read a parsed JSON document of a form; raises InvalidInput."""
    _require_form(form)
    body = canonical_bytes(document)
    return _read(document, form=form, hints=hints, body=body, media_type=JSON_TYPE)


def _require_form(form: str) -> None:
    if form not in FORMS:
        raise InvalidInput.of("format", f"must be one of {', '.join(FORMS)}")


def _parsed(body: bytes) -> tuple[Any, str]:
    """Return the value of JSON, or of YAML with the short forms of CloudFormation."""
    if body.lstrip()[:1] in {b"{", b"["}:
        return parsers.loads(body), JSON_TYPE
    if len(body) > MAX_YAML_BYTES:
        reason = f"YAML has {len(body)} bytes, and the limit is {MAX_YAML_BYTES}"
        raise TooLarge(f"{reason}; split it, or write it as JSON.")
    return plain_yaml.loads(body, tags=function_of), plain_yaml.MEDIA_TYPE


def _read(document: Any, *, form: str, hints: Hints, body: bytes, media_type: str) -> Read:
    cleaned, secrets = withheld(document)
    if secrets:
        body, media_type = canonical_bytes(cleaned), JSON_TYPE
    try:
        found, skipped = normalise(form, cleaned, hints=hints, reads=reads_by_type())
    except NormalisationError as error:
        raise InvalidInput.of(error.path or "document", error.message) from error
    source = SourceDocument(
        digest=sha256(body), body=body, media_type=media_type, is_redacted=bool(secrets)
    )
    return Read(found, skipped, source)
