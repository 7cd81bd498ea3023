"""What somebody may do to the files of a pack."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from audits.dossiers.signing import attestation_signer, enveloped
from audits.transparency.notes import Signer
from core.canonical import canonical_json

Change = Callable[[dict[str, bytes]], None]


def replaced(name: str, old: bytes, new: bytes) -> Change:
    def change(members: dict[str, bytes]) -> None:
        assert old in members[name], (name, old)
        members[name] = members[name].replace(old, new, 1)

    return change


def without(prefix: str) -> Change:
    def change(members: dict[str, bytes]) -> None:
        del members[next(name for name in members if name.startswith(prefix))]

    return change


def with_more(members: dict[str, bytes]) -> None:
    members["notes.txt"] = b"hello"


def without_last_line(name: str) -> Change:
    def change(members: dict[str, bytes]) -> None:
        members[name] = b"".join(members[name].splitlines(keepends=True)[:-1])

    return change


def with_lines_swapped(name: str) -> Change:
    def change(members: dict[str, bytes]) -> None:
        first, second, *rest = members[name].splitlines(keepends=True)
        members[name] = b"".join([second, first, *rest])

    return change


def with_another_input(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.startswith("decisions/inputs/"))
    members[name] += b" "


SLSA, PROMOTED = ".slsa.dsse.json", ".promotion.dsse.json"


def in_envelope(suffix: str, change: Callable[[dict[str, Any]], None]) -> Change:
    """Another envelope instead of the first whose name ends so."""

    def changed(members: dict[str, bytes]) -> None:
        name = next(name for name in members if name.endswith(suffix))
        envelope = json.loads(members[name])
        change(envelope)
        members[name] = canonical_json(envelope)

    return changed


def with_another_payload(envelope: dict[str, Any]) -> None:
    payload = base64.b64decode(envelope["payload"]).replace(b"audit-prod", b"audit-test")
    envelope["payload"] = base64.b64encode(payload).decode()


def with_another_type(envelope: dict[str, Any]) -> None:
    envelope["payloadType"] = "application/json"


def without_signatures(envelope: dict[str, Any]) -> None:
    envelope["signatures"] = []


def by_another_key(envelope: dict[str, Any]) -> None:
    payload = json.loads(base64.b64decode(envelope["payload"]))
    other = Signer("localhost/journal/attestations", b"x" * 32)
    envelope |= json.loads(enveloped(payload, signer=other))


def about_something_else(envelope: dict[str, Any]) -> None:
    statement = json.loads(base64.b64decode(envelope["payload"]))
    statement["subject"][0]["digest"]["sha256"] = "0" * 64
    envelope |= json.loads(enveloped(statement, signer=attestation_signer()))


def with_signatures_of_one_another(members: dict[str, bytes]) -> None:
    slsa, promoted = (
        next(name for name in members if name.endswith(suffix)) for suffix in (SLSA, PROMOTED)
    )
    first, second = json.loads(members[slsa]), json.loads(members[promoted])
    first["signatures"], second["signatures"] = second["signatures"], first["signatures"]
    members[slsa], members[promoted] = canonical_json(first), canonical_json(second)


def with_two_payloads(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.endswith(SLSA))
    members[name] = members[name].replace(b"{", b'{"payload":"e30=",', 1)


def told_uri(envelope: bytes) -> str:
    statement = json.loads(base64.b64decode(json.loads(envelope)["payload"]))
    uri: str = statement["subject"][0]["name"]
    return uri
