"""Decisions as those who ask get them: what is stored of each, without a row of the ORM."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.canonical import sha256

if TYPE_CHECKING:
    from collections.abc import Iterable

    from policies.models import Evaluation, PolicyVersion
    from registry.models import Workspace


@dataclass(slots=True)
class Decided:
    """A stored decision: ``pk`` is that of its row, ``hex`` its uuid's digits. ``policy_version``
    is that of the question, which has the text that answered; ``findings_text`` is JSON."""

    evaluation: Evaluation
    policy_version: PolicyVersion
    state: str
    findings_text: str = "[]"
    error: str = ""
    hex: str = ""
    pk: int = 0
    _uuid_text: str = ""

    @property
    def uuid(self) -> UUID:
        """Return the public identifier."""
        return UUID(self.hex)

    @property
    def findings(self) -> list[dict[str, str]]:
        """Return what was found, where; few who ask look at it."""
        found: list[dict[str, str]] = json.loads(self.findings_text)
        return found

    @property
    def uuid_text(self) -> str:
        """Return the public identifier as it is written."""
        if not self._uuid_text:
            told = self.hex
            self._uuid_text = f"{told[:8]}-{told[8:12]}-{told[12:16]}-{told[16:20]}-{told[20:]}"
        return self._uuid_text

    @property
    def subject(self) -> str:
        """Return what it is about, as far as rows keep that."""
        return self.evaluation.subject

    @property
    def workspace(self) -> Workspace:
        """Return where it was asked."""
        return self.evaluation.workspace

    @property
    def input_id(self) -> str:
        """Return the digest of the bytes that were judged."""
        return self.evaluation.input_id

    @property
    def engine(self) -> str:
        """Return the name of the engine; empty where none was asked."""
        return self.evaluation.engine

    @property
    def engine_version(self) -> str:
        """Return the version of the engine."""
        return self.evaluation.engine_version


def digest_of_run(decisions: Iterable[Decided]) -> str:
    """Return the digest over each decision's id, policy digest, input digest and state: that of
    the canonical JSON of their sorted list."""
    # None of the texts has a character that JSON escapes or that sorts before a quote.
    lines = sorted(
        f'["{each.uuid_text}","{each.policy_version.digest}","{each.evaluation.input_id}",'
        f'"{each.state}"]'
        for each in decisions
    )
    return sha256(f"[{','.join(lines)}]".encode())


def as_stored(findings: Iterable[Any]) -> list[dict[str, str]]:
    """Return an engine's findings as rows keep them."""
    return [{"msg": each.msg, "path": each.path} for each in findings]
