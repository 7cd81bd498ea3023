"""Builds the documents that policies judge: `policies/documents_schema` is their contract.

A document here lacks ``now`` and ``parameters``; `input_bytes` adds them, and gives the exact
bytes that an engine gets.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from core.canonical import canonical_json
from policies.queries import ancestry
from registry.models import Metric, ModelSignature, VersionLink
from registry.models.life import ACTIVE
from registry.queries.cards import cards_of
from registry.queries.life import open_states
from registry.queries.scans import verdicts_of
from registry.queries.signatures import verified_signers
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from policies.models import Snapshot
    from registry.gates.base import Proposal
    from registry.models import AssetVersion, Workspace

CONFIGURATION_SCHEMA = "muniment.configuration/v1"
PROMOTION_SCHEMA = "muniment.promotion/v1"


def input_bytes(
    document: Mapping[str, Any], *, now: datetime, parameters: Mapping[str, Any]
) -> bytes:
    """Return the canonical JSON (RFC 8785) of the whole input."""
    return canonical_json({**document, "now": rfc3339(now), "parameters": dict(parameters)})


def rfc3339(moment: datetime) -> str:
    """Return the time in UTC with microseconds and ``+00:00``, so that times compare as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def place(workspace: Workspace) -> dict[str, str]:
    """Return what policies are told of a workspace."""
    return {"slug": workspace.slug, "stage": workspace.stage}


def configuration_document(snapshot: Snapshot) -> dict[str, Any]:
    """Return the document of a snapshot, whose resource and workspace are loaded."""
    resource = snapshot.resource
    document = {
        "schema": CONFIGURATION_SCHEMA,
        "workspace": place(resource.workspace),
        "resource": {
            "type": resource.type,
            "external_id": resource.external_id,
            "source": resource.source,
            "observed_at": rfc3339(snapshot.observed_at),
            "provenance": snapshot.provenance,
            "format": snapshot.format,
        },
        "configuration": snapshot.document,
    }
    return document if snapshot.fields is None else {**document, "fields": snapshot.fields}


def undated(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the document of a configuration without when it was observed: what is equal when it
    is observed again as it was. Other documents are returned as they are."""
    resource = document.get("resource")
    if not isinstance(resource, dict):
        return document
    told = {name: value for name, value in resource.items() if name != "observed_at"}
    return {**document, "resource": told}


def promotion_document(proposal: Proposal) -> dict[str, Any]:
    """Return the document of a proposed promotion.

    It depends on the proposal alone, not on what its requester may read. Evaluations are the
    results in the workspaces of the version, its members, what they are copies of, and the
    target: results elsewhere could be made by anybody who may read the version.
    """
    members = proposal.closure.members
    family = ancestry.family_of(members, target=proposal.target)
    described = _Describer([*members, *family.ancestors, *family.evaluations])
    return {
        "schema": PROMOTION_SCHEMA,
        "source": place(proposal.version.asset.workspace),
        "target": place(proposal.target),
        "alias": proposal.alias,
        "reason": proposal.reason,
        "version": described.version(proposal.version),
        "closure": [
            described.version(member) for member in members if member.pk != proposal.version.pk
        ],
        "ancestors": [described.version(each) for each in family.ancestors],
        "evaluations": [described.version(each) for each in family.evaluations],
    }


class _Describer:
    """Describes versions with what hangs on them, read in few queries for all of them."""

    def __init__(self, versions: Sequence[AssetVersion]) -> None:
        ids = {version.pk for version in versions}
        self._links: dict[int, list[dict[str, str]]] = {}
        self._metrics: dict[int, list[dict[str, Any]]] = {}
        links = VersionLink.objects.filter(version__in=ids).select_related(
            "target__asset__workspace"
        )
        for link in links.order_by("role", "target_id"):
            told = {
                "role": link.role,
                "ref": str(reference_of(link.target)),
                "kind": link.target.asset.kind,
                "digest": link.target.digest,
            }
            self._links.setdefault(link.version_id, []).append(told)
        for metric in Metric.objects.filter(version__in=ids).order_by("name", "evaluator"):
            value = {"name": metric.name, "value": metric.value, "evaluator": metric.evaluator}
            self._metrics.setdefault(metric.version_id, []).append(value)
        self._cards, self._scans = cards_of(versions), verdicts_of(versions)
        self._states = open_states(ids)
        signed = ModelSignature.objects.filter(version__in=ids).values_list("version", flat=True)
        self._signed = frozenset(signed)

    def version(self, version: AssetVersion) -> dict[str, Any]:
        return {
            "ref": str(reference_of(version)),
            "kind": version.asset.kind,
            "name": version.asset.name,
            "number": version.number,
            "digest": version.digest,
            "created_at": rfc3339(version.created_at),
            "spec": version.spec.body,
            "metrics": self._metrics.get(version.pk, []),
            "links": self._links.get(version.pk, []),
            **self._standing(version),
        }

    def _standing(self, version: AssetVersion) -> dict[str, Any]:
        """What may change about a version beside its content."""
        state, scan = self._states.get(version.pk), self._scans[version.pk]
        told: dict[str, Any] = {
            "lifecycle": state.state if state else ACTIVE,
            "scan": {
                "verdict": str(scan.verdict),
                "tool": scan.tool,
                "tool_version": scan.tool_version,
            },
            "signature": {
                "signers": verified_signers(version) if version.pk in self._signed else []
            },
        }
        if card := self._cards.get(version.pk):
            told["card"] = {"status": card.status, "fields": dict(card.fields)}
        return told
