"""The demo's policies: installed, assigned, one exemption; and the resources they look at."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from console.demo.tickets import DataFile
from core.canonical import canonical_digest
from policies.models import Assignment, Exemption, Resource
from policies.services import assignments, exemptions, packs, resources
from policies.services.terms import Terms

if TYPE_CHECKING:
    from console.demo.people import People

PROVIDERS = ["Qwen", "Support assistant team"]
MINIMUM = {"groundedness": 3.5, "fluency": 4, "coherence": 4}
ASSIGNMENTS: tuple[tuple[str, str, Terms], ...] = (
    (
        "stage/production",
        "muniment-checklist",
        Terms(
            effect="deny",
            parameters={
                "promotion.model_source_approved": {"providers": PROVIDERS},
                "promotion.evaluation_reached": {"minimum": MINIMUM},
            },
            message="Production takes what the review board's checklist covers.",
        ),
    ),
    ("stage/staging", "muniment-baseline", Terms(effect="warn")),
    (
        "organisation",
        "muniment-azure-ml",
        Terms(effect="audit", excluded=["assist-staging"]),
    ),
    (
        "organisation",
        "muniment-aws-sagemaker",
        Terms(effect="audit", excluded=["assist-dev", "assist-prod"]),
    ),
)
GATE = ("stage/production", "azure_ml.private_endpoint")


def govern(people: People) -> None:
    """Install and assign the policies, submit the resources, grant the exemption; repeatable."""
    packs.install(actor=people.administrator)
    for scope, name, terms in ASSIGNMENTS:
        held = Assignment.objects.as_of(None).filter(set_version__policy_set__name=name)
        if not held.exists():
            assignments.assign(
                actor=people.administrator, scope=scope, policy_set=name, terms=terms
            )
    scope, name = GATE
    if not Assignment.objects.as_of(None).filter(policy_version__policy__name=name).exists():
        assignments.assign(
            actor=people.administrator,
            scope=scope,
            policy=name,
            terms=Terms(effect="deny", message="Production workspaces use a private endpoint."),
        )
    for item in json.loads(DataFile("resources.json").body):
        _submit(people, item)
    _exempt(people)


def _submit(people: People, item: dict[str, Any]) -> None:
    address = resources.Address(
        source=item["source"], type=item["type"], external_id=item["external_id"]
    )
    told = Resource.objects.filter(
        workspace__slug=item["workspace"],
        source=address.source,
        type=address.type,
        external_id=address.external_id,
        snapshots__digest=canonical_digest(item["document"]),
    )
    if not told.exists():
        resources.submit_snapshot(
            actor=people["platform-engineer"],
            workspace=item["workspace"],
            address=address,
            document=item["document"],
            provenance=item["provenance"],
        )


def _exempt(people: People) -> None:
    """The notebook of staging may reach the internet for a while: asked for, and granted."""
    assignment = Assignment.objects.as_of(None).get(
        set_version__policy_set__name="muniment-aws-sagemaker"
    )
    exemption = Exemption.objects.filter(
        assignment=assignment, workspace__slug="assist-staging"
    ).first()
    if exemption is None:
        exemption = exemptions.ask(
            actor=people["platform-engineer"],
            scope=exemptions.Scope(
                assignment=assignment.uuid,
                workspace="assist-staging",
                reference_ids=["aws_sagemaker.notebook_direct_internet"],
            ),
            category="waiver",
            reason="The notebook fetches the handbook from our web site until the mirror stands.",
            expires_at=timezone.now() + timedelta(days=90),
        )
    if exemption.status == "requested":
        exemptions.grant(
            actor=people.administrator,
            exemption=exemption.uuid,
            reason="No customer data is on it; the mirror is planned.",
        )
