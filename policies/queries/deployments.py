"""What the policies' answer on a deployment rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.canonical import canonical_digest
from policies.documents import CONFIGURATION_SCHEMA, configuration_document, place, rfc3339
from policies.models import DocumentKind, Provenance, Snapshot
from policies.models.resource import OWN_SOURCE
from policies.queries.assignments import rules_by_workspace
from policies.queries.basis import Basis
from policies.queries.exemptions import Exemptions, exemptions_in_force
from policies.queries.questions import Question, judged_types, selects_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.queries.assignments import Rule
    from registry.gates.deployments import ServingProposal

TYPE = "deployment"


def deployment_basis_of(proposal: ServingProposal) -> Basis:
    """Return the basis as it is now; reads the database only.

    The question is about the deployment as the registry has it, or as it is proposed. Where the
    newest snapshot says the same, it stands for it, so that an exemption of the resource counts;
    a change that nobody made is covered by no exemption of the resource.
    """
    workspace = proposal.deployment.workspace
    rules = [
        rule for rule in rules_by_workspace([workspace])[workspace.pk] if judges_deployments(rule)
    ]
    if not rules:
        return Basis((), Exemptions(()), canonical_digest([]))
    snapshot = _snapshot_of(proposal)
    document = configuration_document(snapshot) if snapshot else _document(proposal)
    rules = [rule for rule in rules if selects_document(rule, document)]
    questions = tuple(
        Question(
            rule=rule,
            workspace=workspace,
            kind=DocumentKind.CONFIGURATION,
            subject=f"{TYPE} {proposal.deployment.name}",
            document=document,
            snapshot=snapshot,
        )
        for rule in rules
    )
    exemptions = exemptions_in_force([workspace])
    return Basis(questions, exemptions, _binding(questions, exemptions, proposal))


def judges_deployments(rule: Rule) -> bool:
    """Tell whether a rule judges configurations of deployments, or of anything."""
    types = judged_types(rule)
    return types is not None and (not types or TYPE in types)


def _snapshot_of(proposal: ServingProposal) -> Snapshot | None:
    newest = (
        Snapshot.objects.filter(
            resource__workspace=proposal.deployment.workspace,
            resource__source=OWN_SOURCE,
            resource__type=TYPE,
            resource__external_id=proposal.deployment.name,
            resource__retired_at__isnull=True,
        )
        .select_related("resource__workspace")
        .order_by("-observed_at", "-id")
        .first()
    )
    same = newest is not None and newest.digest == canonical_digest(proposal.document)
    return newest if same else None


def _document(proposal: ServingProposal) -> dict[str, Any]:
    return {
        "schema": CONFIGURATION_SCHEMA,
        "workspace": place(proposal.deployment.workspace),
        "resource": {
            "type": TYPE,
            "external_id": proposal.deployment.name,
            "source": OWN_SOURCE,
            "observed_at": rfc3339(
                proposal.asked_at if proposal.is_proposal else proposal.revision.set_at
            ),
            "provenance": Provenance.DECLARED.value,
        },
        "configuration": proposal.document,
    }


def _binding(
    questions: Sequence[Question], exemptions: Exemptions, proposal: ServingProposal
) -> str:
    return canonical_digest(
        {
            "document": proposal.document,
            "rules": [
                [
                    *each.rule.key,
                    str(each.rule.effect),
                    str(each.rule.is_enforced),
                    canonical_digest(each.rule.parameters),
                    each.rule.policy_version.digest,
                    str(each.attestation.uuid) if each.attestation else "",
                ]
                for each in questions
            ],
            "exemptions": [[str(row.uuid), rfc3339(row.expires_at)] for row in exemptions.rows],
        }
    )
