"""Compare what was signed with what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.signing.bundles import Bundle, Key, NotABundle, read_bundle

VERIFIED = "verified"
FAILED = "failed"
UNTRUSTED = "untrusted"


@dataclass(frozen=True)
class Outcome:
    """Status, why, and the fingerprint of the key that signed, where one is known."""

    status: str
    reason: str = ""
    signer: str = ""


def verify(text: str, *, keys: Iterable[Key], artifacts: Mapping[str, str]) -> Outcome:
    """Return whether a holder of one of ``keys`` signed exactly these artifacts (path: digest).

    Every artifact must have been signed, but for what the signer said to leave out and the
    signature itself, and every signed file must be an artifact.
    """
    try:
        bundle = read_bundle(text)
    except NotABundle as error:
        return Outcome(FAILED, str(error))
    signer = next((key for key in keys if key.signed(bundle.signature, bundle.message)), None)
    if signer is None:
        hint = f"; it says {bundle.hint[:80]}" if bundle.hint else ""
        return Outcome(UNTRUSTED, f"no key that the workspace trusts made it{hint}")
    if problem := _difference(bundle, artifacts):
        return Outcome(FAILED, problem, signer.fingerprint)
    return Outcome(VERIFIED, signer=signer.fingerprint)


def _difference(bundle: Bundle, artifacts: Mapping[str, str]) -> str:
    for path, digest in sorted(bundle.files.items()):
        if path not in artifacts:
            return f"the signed file {path[:200]!r} is no artifact of the version"
        if artifacts[path] != digest:
            return f"the artifact {path[:200]!r} has other bytes than were signed"
    for path in sorted(artifacts):
        if path not in bundle.files and not _is_ignored(path, bundle.ignored):
            return f"the artifact {path[:200]!r} was not signed"
    return ""


def _is_ignored(path: str, ignored: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in ignored if one)
