"""The manifest of a pack: every file by digest, what the pack claims, and the signature of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from audits.transparency.notes import signed_note
from core.canonical import canonical_json, sha256

if TYPE_CHECKING:
    from audits.packs.archive import Member
    from audits.transparency.notes import Signer

FORMAT = "muniment.evidence-pack/1"
SIGNED = "muniment evidence pack v1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"


def manifest_bytes(claims: Mapping[str, Any], members: Sequence[Member]) -> bytes:
    """Return the manifest as canonical JSON (RFC 8785): ``claims`` and the files by path."""
    files = [
        {
            "path": each.path,
            "sha256": each.digest.removeprefix("sha256:"),
            "size": each.size,
            "media_type": each.media_type,
        }
        for each in sorted(members, key=lambda member: member.path)
    ]
    return canonical_json({**claims, "format": FORMAT, "files": files})


def signature_of(manifest: bytes, *, origin: str, signer: Signer) -> bytes:
    """Return the detached signature: a C2SP signed note of the log's name and the digest."""
    return signed_note(f"{SIGNED}\n{origin}\n{sha256(manifest)}\n", signer).encode()
