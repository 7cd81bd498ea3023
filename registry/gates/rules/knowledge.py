"""What a rule may look at, read once, with a note of everything that was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from registry.models import TrustedKey
from registry.models.life import ACTIVE
from registry.queries import evidence, signatures
from registry.queries.cards import cards_of, required_fields
from registry.queries.life import open_states
from registry.queries.scans import verdicts_of
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from datetime import datetime

    from registry.gates.base import Proposal
    from registry.models import AssetVersion
    from registry.queries.cards import CardText
    from registry.queries.evidence import Measured


@dataclass
class Knowledge:
    """Facts about the members of a proposal; ``seen`` is all that was asked, in a fixed form."""

    proposal: Proposal
    now: datetime
    _seen: dict[str, Any] = field(default_factory=dict, init=False)
    _memory: dict[str, Any] = field(default_factory=dict, init=False)

    @property
    def seen(self) -> dict[str, Any]:
        """Return what was looked at, whose change would change the answer."""
        return self._seen

    def measured(self, version: AssetVersion) -> tuple[Measured, ...]:
        """Return the metrics that results found on the version's very content, newest first."""
        key = f"measured {reference_of(version)}"
        if key not in self._memory:
            found = evidence.measured_on(version, target=self.proposal.target)
            self._memory[key] = found
            self._seen[key] = [[each.result, each.metric, each.value] for each in found]
        rows: tuple[Measured, ...] = self._memory[key]
        return rows

    def card(self, version: AssetVersion) -> CardText | None:
        """Return the card of the version."""
        if "cards" not in self._memory:
            self._memory["cards"] = cards_of(self.proposal.closure.members)
        card: CardText | None = self._memory["cards"].get(version.pk)
        told = [card.digest, card.status] if card else []
        self._seen[f"card {reference_of(version)}"] = told
        return card

    def required_card_fields(self, version: AssetVersion) -> list[str]:
        """Return the fields that the target asks for, at its stage, of versions of that kind."""
        target, kind = self.proposal.target, version.asset.kind
        key = f"required {kind}"
        if key not in self._seen:
            self._seen[key] = required_fields(target, kind, target.stage)
        fields: list[str] = self._seen[key]
        return fields

    def state(self, version: AssetVersion) -> str:
        """Return the state of life of the version."""
        if "states" not in self._memory:
            ids = [member.pk for member in self.proposal.closure.members]
            self._memory["states"] = open_states(ids)
        fact = self._memory["states"].get(version.pk)
        state = fact.state if fact else ACTIVE
        self._seen[f"state {reference_of(version)}"] = state
        return str(state)

    def scan(self, version: AssetVersion) -> str:
        """Return the worst verdict over the version's artifacts."""
        if "scans" not in self._memory:
            members = self.proposal.closure.members
            self._memory["scans"] = verdicts_of(members)
        verdict = str(self._memory["scans"][version.pk].verdict)
        self._seen[f"scan {reference_of(version)}"] = verdict
        return verdict

    def signers(self, version: AssetVersion, *, trusted_by_target: bool) -> list[str]:
        """Return whose signatures verify, among those whom the place of the version, or also the
        target, trusts now."""
        found = signatures.verified_signers(version)
        if trusted_by_target:
            keys = TrustedKey.objects.as_of(None).filter(workspace=self.proposal.target)
            trusted = set(keys.values_list("fingerprint", flat=True))
            found = [signer for signer in found if signer in trusted]
        self._seen[f"signers {reference_of(version)} {trusted_by_target}"] = found
        return found
