"""Replay a decision from its stored bytes, here or anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import Conflict, NotFound, Unavailable
from policies.documents import rfc3339
from policies.engines.base import EngineUnavailable
from policies.engines.replay import FORMAT, export_digest
from policies.models import Decision
from policies.services.answers import Call, ask
from policies.services.engine import engine
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from policies.engines.base import Outcome


@dataclass(frozen=True)
class Replay:
    """A stored decision beside what the same text says about the same bytes now."""

    decision: Decision
    outcome: Outcome

    @property
    def findings(self) -> list[dict[str, str]]:
        """Return the findings of now, as they are stored."""
        return [{"msg": each.msg, "path": each.path} for each in self.outcome.findings]

    @property
    def is_same(self) -> bool:
        """Tell whether state and findings are those that were stored."""
        now = self.outcome.state.value, self.findings
        return now == (self.decision.state, self.decision.findings)


def replay(*, actor: Actor, decision: UUID) -> Replay:
    """Evaluate a decision again, by this installation's engine; nothing is stored.

    Needs view_trail in its workspace. Raises Conflict for a decision that no engine made,
    Unavailable where the engine cannot be reached.
    """
    stored = _evaluated(actor, decision)
    try:
        engine()
    except EngineUnavailable as error:
        raise Unavailable(f"There is no engine to replay it: {error}") from error
    answer = ask([Call(stored.policy_version, bytes(stored.input.body))])[0]
    return Replay(stored, answer.outcome)


def export(*, actor: Actor, decision: UUID) -> dict[str, Any]:
    """Return all that a decision rests on, for `policies.engines.replay` to hold elsewhere.

    Needs view_trail in its workspace. Raises Conflict for a decision that no engine made.
    """
    stored = _evaluated(actor, decision)
    version = stored.policy_version
    document = {
        "format": FORMAT,
        "decision": str(stored.uuid),
        "evaluated_at": rfc3339(stored.evaluated_at),
        "kind": stored.kind,
        "workspace": stored.workspace.slug,
        "subject": stored.subject,
        "policy": {
            "ref": version.reference,
            "path": version.module.path,
            "package": version.module.package,
            "digest": version.digest,
            "source": version.source,
        },
        "input": {"digest": stored.input_id, "text": bytes(stored.input.body).decode()},
        "parameters": stored.parameters,
        "bundle_digest": stored.bundle_digest,
        "answer": {
            "state": stored.state,
            "findings": stored.findings,
            "error": stored.error,
            "engine": stored.engine,
            "engine_version": stored.engine_version,
        },
    }
    return {**document, "digest": export_digest(document)}


def _evaluated(actor: Actor, decision: UUID) -> Decision:
    """Return a decision that an engine made, whose bytes the actor may see."""
    stored = (
        Decision.objects.select_related(
            "evaluation__workspace", "evaluation__input", "policy_version__policy"
        )
        .filter(uuid=decision)
        .first()
    )
    if stored is None:
        raise NotFound
    access.require(actor, Permission.VIEW_TRAIL, stored.workspace, subject=f"decision/{decision}")
    if not stored.engine:
        raise Conflict("No engine made this decision: there was nothing that it could be asked.")
    return stored
