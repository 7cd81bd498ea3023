"""What no platform tells: people attest it, with evidence; one thing is not kept, some wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from policies.models import Assignment, Attestation
from policies.services import assignments, attestations
from policies.services.evidence import Evidence, File
from policies.services.terms import Terms

if TYPE_CHECKING:
    from console.demo.people import People

SET = "muniment-governance"
PLACE = "assist-prod"
TRAINED = b"""date,person,training
2026-09-02,author,What the assistant may answer
2026-09-02,approver,What to look at before production
2026-09-03,deployer,How to take a release back
2026-09-03,platform-engineer,How incidents are reported
"""


@dataclass(frozen=True)
class Said:
    """What is said about one rule: by default that it is kept, for half a year."""

    rule: str
    comments: str
    evidence: tuple[Evidence, ...] = ()
    state: str = "compliant"
    days: int = 180


SAID = (
    Said(
        "ai_literacy",
        "All who run the assistant took part.",
        (
            Evidence(
                title="trainings.csv",
                file=File(chunks=[TRAINED], size=len(TRAINED), media_type="text/csv"),
            ),
        ),
    ),
    Said(
        "ai_policy",
        "The management approved it in spring; it is read again each year.",
        (Evidence(title="The policy", uri="https://intranet.example/ai-policy"),),
    ),
    Said(
        "human_oversight",
        "A person reads every answer before it is sent, and can switch the assistant off.",
        (Evidence(title="How support works", uri="https://intranet.example/support/handbook"),),
        days=21,
    ),
    Said(
        "roles",
        "Named in the handbook, with deputies.",
        (Evidence(title="Who does what", uri="https://intranet.example/support/roles"),),
    ),
    Said(
        "incident_response",
        "The way to the authority is written down, but nobody has tried it yet.",
        (Evidence(title="The ticket", uri="https://tickets.example/assist-418"),),
        state="non_compliant",
        days=60,
    ),
)


def attest(people: People) -> None:
    """Assign under `manual` what people must do in production, and attest some; repeatable."""
    held = Assignment.objects.as_of(None).filter(set_version__policy_set__name=SET).first()
    if held is None:
        held = assignments.assign(
            actor=people.administrator,
            scope=f"workspace/{PLACE}",
            policy_set=SET,
            terms=Terms(effect="manual", message="Attested each half year."),
        )
    known = set(Attestation.objects.filter(assignment=held).values_list("reference_id", flat=True))
    now = timezone.now()
    for said in SAID:
        rule = f"governance.{said.rule}"
        if rule not in known:
            attestations.attest(
                actor=people["platform-engineer"],
                about=attestations.About(assignment=held.uuid, workspace=PLACE, reference_id=rule),
                statement=attestations.Statement(
                    state=said.state,
                    comments=said.comments,
                    expires_at=now + timedelta(days=said.days),
                ),
                evidence=said.evidence,
            )
