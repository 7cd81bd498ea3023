"""Pieces that OSCAL documents of a report have in common. Plain Python."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audits.reports.assessment import Assessment, Person

VERSION = "1.1.2"
# Where the names of our properties are explained, and what our identifiers are made of.
NAMESPACE = "urn:muniment:oscal"
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
ASSESSOR, OWNER = "assessor", "owner"

# The data types string and token of OSCAL.
_BLANK = re.compile(r"\s+")
_NOT_IN_TOKEN = re.compile(r"[^\w.\-]")
_STARTS_TOKEN = re.compile(r"[^\W\d]")

Part = dict[str, Any]


def uid(kind: str, *names: str) -> str:
    """Return the identifier of what ``names`` tell from all others of its kind, always the same."""
    return str(uuid.uuid5(SPACE, "\n".join((kind, *names))))


def line(text: str) -> str:
    """Return ``text`` on one line; OSCAL knows no empty strings."""
    return _BLANK.sub(" ", text).strip() or "none"


def token(text: str) -> str:
    """Return ``text`` as an identifier: letters, digits, ``.``, ``-`` and ``_``."""
    name = _NOT_IN_TOKEN.sub("_", text)
    return name if _STARTS_TOKEN.match(name) else f"_{name}"


def prop(name: str, value: object, **more: str) -> Part:
    """Return a property of ours."""
    return {"name": name, "ns": NAMESPACE, "value": line(str(value)), **more}


def props(**values: object) -> list[Part]:
    """Return the properties that have a value; ``_`` in a name is written as ``-``."""
    return [
        prop(name.replace("_", "-"), value)
        for name, value in values.items()
        if value is not None and value != ""
    ]


def filled(part: Part) -> Part:
    """Return ``part`` without empty lists: OSCAL's have at least one item."""
    return {name: value for name, value in part.items() if value not in ([], {}, None)}


def party(person: Person) -> Part:
    """Return an account; the service itself counts as an organization."""
    return {
        "uuid": party_uid(person),
        "type": "person" if person.kind == "human" else "organization",
        "name": line(person.username),
    }


def party_uid(person: Person) -> str:
    """Return the identifier of an account."""
    return uid("party", person.uuid or person.kind)


def metadata(assessment: Assessment, title: str, *, people: Iterable[Person] = ()) -> Part:
    """Return the metadata of a document; its version is the digest of the result set."""
    scan = assessment.scan
    owners = [each.owner for each in assessment.follow_ups if each.owner is not None]
    everybody = {party_uid(each): party(each) for each in (scan.requested_by, *people, *owners)}
    return {
        "title": line(title),
        "last-modified": scan.completed_at,
        "version": scan.digest,
        "oscal-version": VERSION,
        "props": props(
            scan=scan.uuid,
            instance=assessment.tool.instance,
            framework=assessment.basis.framework,
            journal_head=scan.journal_head,
            log_size=assessment.checkpoint.size if assessment.checkpoint else None,
            log_root=assessment.checkpoint.root if assessment.checkpoint else None,
        ),
        "roles": [
            {"id": ASSESSOR, "title": "Who had the assessment made"},
            {"id": OWNER, "title": "Who sees to a finding"},
        ],
        "parties": [everybody[key] for key in sorted(everybody)],
        "responsible-parties": [
            {"role-id": ASSESSOR, "party-uuids": [party_uid(scan.requested_by)]}
        ],
    }


def document_uid(assessment: Assessment, kind: str) -> str:
    """Return the identifier of the document about this basis."""
    basis = assessment.basis
    version = basis.version.uuid if basis.version else ""
    places = ",".join(place.uuid for place in assessment.scan.workspaces)
    return uid(kind, assessment.scan.digest, basis.as_of, version, basis.framework, places)


def some(parts: Iterator[Part]) -> Iterator[Part] | None:
    """Return ``parts`` to be made one at a time, None where there are none."""
    first = next(parts, None)
    return None if first is None else chain([first], parts)
