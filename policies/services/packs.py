"""Install the policies that ship with the product."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.canonical import canonical_bytes
from core.errors import Conflict
from policies.engines.moments import reads_now
from policies.packs.catalog import manifest, shipped
from policies.services import sets
from policies.services.checks import CheckedPolicy, metadata_as_json
from policies.services.fixtures import Fixture
from policies.services.policies import store_version
from registry import access

if TYPE_CHECKING:
    from core.actors import Actor
    from policies.packs.catalog import ShippedPolicy

TITLES = {
    "aws_sagemaker": "Amazon SageMaker",
    "azure_ai": "Azure AI services",
    "azure_bot": "Azure Bot Service",
    "azure_databricks": "Azure Databricks",
    "azure_ml": "Azure Machine Learning",
    "azure_search": "Azure AI Search",
    "deployment": "Deployments of AI assets",
    "google_vertex": "Google Vertex AI",
    "governance": "What people must do and attest",
    "promotion": "Promotion of AI assets",
}
BASELINE = (
    "promotion.licence_allowed",
    "promotion.members_pinned",
    "promotion.personal_data",
    "promotion.reason_given",
)
CHECKLIST = (
    "promotion.evaluation_reached",
    "promotion.model_card_complete",
    "promotion.model_source_approved",
    *BASELINE,
)


@dataclass(frozen=True)
class Installed:
    """References of the versions that this call made; empty when all was there."""

    policies: tuple[str, ...]
    sets: tuple[str, ...]


def install(*, actor: Actor) -> Installed:
    """Store every shipped policy as ``<pack>.<rule>``, a set ``muniment-<pack>`` for each pack and
    the sets ``muniment-baseline`` and ``muniment-checklist``; what is there already is left alone.

    A policy counts as checked when the shipped manifest holds the digests of its text and tests:
    OPA has compiled and tested exactly these. Needs an administrator of the organisation.
    """
    access.require_organisation_admin(actor, subject="policy packs")
    policies: list[str] = []
    packs: dict[str, list[str]] = defaultdict(list)
    for policy in shipped():
        name = f"{policy.pack}.{policy.name}"
        packs[policy.pack].append(name)
        policies += _install_policy(policy, name=name, actor=actor)
    wanted = {
        f"muniment-{pack.replace('_', '-')}": (TITLES[pack], names) for pack, names in packs.items()
    }
    wanted["muniment-baseline"] = ("What every promotion should show", list(BASELINE))
    wanted["muniment-checklist"] = ("What a promotion into production shows", list(CHECKLIST))
    installed = [
        reference
        for name, (title, members) in wanted.items()
        for reference in _install_set(name, title=title, members=members, actor=actor)
    ]
    return Installed(tuple(policies), tuple(installed))


def _install_policy(policy: ShippedPolicy, *, name: str, actor: Actor) -> list[str]:
    found = CheckedPolicy(
        module=policy.module,
        metadata=metadata_as_json(policy.metadata),
        reads_now=reads_now(policy.module),
        checked_by=f"OPA {manifest().opa_version} (strict)" if policy.is_checked else None,
    )
    try:
        version = store_version(
            actor=actor,
            name=name,
            found=found,
            tests=policy.tests.source,
            fixtures=_fixtures(policy),
            reason="shipped",
        )
    except Conflict:
        return []  # the newest version has this very text
    return [version.reference]


def _fixtures(policy: ShippedPolicy) -> list[Fixture]:
    """Return the documents that ship with a policy; tests hold each of them in every engine."""
    return [
        Fixture(example.name, example.state, example.input, canonical_bytes(example.input))
        for example in policy.examples()
    ]


def _install_set(name: str, *, title: str, members: list[str], actor: Actor) -> list[str]:
    chosen = [{"policy": member} for member in members]
    try:
        version = sets.create_version(actor=actor, name=name, title=title, members=chosen)
    except Conflict:
        return []  # the newest version has these very members
    return [version.reference]
