"""Take secrets out of events before anything of them is kept.

Producers send environment variables, properties and addresses as they find them. What is called
like a secret, or looks like one, is ``***`` in all that is stored; the digest of an event is that
of what was sent, so that sending again is still the same event.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from lineage.received.validation import MAX_PROBLEMS, Problem, pointer
from registry.kinds.secrets import MASK, is_reference, masked, masked_address, names_a_secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Members that say what something is called: only the password of an address is no part of that.
IDENTIFYING = frozenset({"namespace", "name", "field", "_producer", "_schemaURL", "schemaURL"})
LABELS = ("name", "key")  # of pairs such as {"name": "PGPASSWORD", "value": "…"}
REASON = "looks like a secret, and was not stored"
# Without any of these there is nothing to look for.
NAMES = (
    *("passw", "pwd", "secret", "token", "credential", "apikey", "accesskey", "accountkey"),
    *("privatekey", "sharedkey", "sharedaccesskey", "signature", "sig="),
)
FORMS = (
    *("@", "private key", "akia", "asia", "gh[opsur]_", "github_pat_", "glpat-", "xox", "aiza"),
    *("hf_", "sk-", "mun_", "eyj"),
)
PUNCTUATION = "[-_. ]?"


def redacted(raw: dict[str, Any], body: bytes) -> tuple[dict[str, Any], list[Problem]]:
    """Return an event without its secrets, and where they were; ``body`` is its JSON.

    An event that has none is returned as it is.
    """
    if not _is_suspicious(body):
        return raw, []
    walk = _Walk()
    clean = walk.of(raw, ())
    return (clean, walk.problems) if walk.problems else (raw, [])


def _is_suspicious(body: bytes) -> bool:
    return _suspicion().is_valid(body.decode())


@cache
def _suspicion() -> jsonschema_rs.Draft202012Validator:
    """Return what looks through a text at once: nearly every event has nothing, and the regular
    expressions behind schemas take a tenth of the time that those of Python do."""
    parts = [*FORMS, *(PUNCTUATION.join(name) for name in NAMES)]
    return jsonschema_rs.Draft202012Validator({"pattern": f"(?i){'|'.join(parts)}"})


class _Walk:
    """A way through a JSON value that copies it without secrets."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def of(self, value: Any, path: tuple[str | int, ...]) -> Any:
        """Return a copy of ``value``, which lies at ``path``."""
        if isinstance(value, dict):
            names = _labels(value)
            return {
                key: self._member(names if key == "value" else (), key, member, (*path, key))
                for key, member in value.items()
            }
        if isinstance(value, list):
            return [self.of(member, (*path, index)) for index, member in enumerate(value)]
        return self._text(value, masked(value), path) if isinstance(value, str) else value

    def _member(
        self, labels: Sequence[str], key: str, value: Any, path: tuple[str | int, ...]
    ) -> Any:
        if any(names_a_secret(name) for name in (key, *labels)):
            return self._secret(value, path)
        if key in IDENTIFYING and isinstance(value, str):
            return self._text(value, masked_address(value), path)
        return self.of(value, path)

    def _secret(self, value: Any, path: tuple[str | int, ...]) -> Any:
        if isinstance(value, list):
            return [self._secret(member, (*path, index)) for index, member in enumerate(value)]
        if not isinstance(value, str):
            return self.of(value, path)
        return self._text(value, value if not value or is_reference(value) else MASK, path)

    def _text(self, before: str, after: str, path: tuple[str | int, ...]) -> str:
        if after != before and len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(pointer(path), REASON))
        return after


def _labels(pair: Mapping[str, Any]) -> list[str]:
    return [pair[key] for key in LABELS if isinstance(pair.get(key), str)]
