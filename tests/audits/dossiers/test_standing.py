"""A dossier tells what was found wrong with a version, what excuses it, and what people attest."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from audits.dossiers.collect import dossier_of
from policies.models import Effect
from policies.services import attestations
from policies.services.attestations import About, Statement
from policies.services.evidence import Evidence
from registry.models import AssetVersion
from registry.services.promotions import request
from tests.audits.conftest import House
from tests.audits.estate import scan
from tests.factories import make_prompt, reference
from tests.policies.estate import TICKET_RULE, assign, exempt, make_policy


def in_production(house: House) -> AssetVersion:
    """A prompt that the administrator promoted without a ticket."""
    asked = request.promote(
        actor=house.admin,
        source=reference(make_prompt(house.dev, name="answer")),
        target="audit-prod",
        alias="production",
        reason="because",
    )
    assert asked.target_version is not None
    return AssetVersion.objects.select_related("asset__workspace").get(pk=asked.target_version.pk)


def test_findings_are_told_as_they_stood(house: House) -> None:
    version = in_production(house)
    rule = assign(make_policy(TICKET_RULE, kinds=("promotion",)), house.prod, "audit")
    before = timezone.now()
    scan(house, "audit-prod")
    found = timezone.now()
    owner = house.member("an-owner", prod="admin")
    exempt(
        rule,
        house.prod,
        asked_by=owner,
        expires_at=found + timedelta(days=30),
        asset="prompt/answer",
    )
    scan(house, "audit-prod")
    after = timezone.now()

    assert dossier_of(version, at=before).findings == ()
    (open_one,) = dossier_of(version, at=found).findings
    assert open_one.state == "open"
    assert open_one.subject == "audit-prod/prompt/answer@production"
    dossier = dossier_of(version, at=after)
    assert [each.state for each in dossier.findings] == ["exempt"]
    assert [each.approved_by.username for each in dossier.exemptions] == ["the-administrator"]
    assert dossier.exemptions[0].entries
    assert dossier_of(version, at=found).exemptions == ()


def test_attestations_of_manual_rules_are_told_while_they_hold(house: House) -> None:
    version = make_prompt(house.prod, name="answer")
    rule = assign(make_policy(TICKET_RULE, kinds=("promotion",)), house.prod, Effect.MANUAL)
    before = timezone.now()
    attestations.attest(
        actor=house.admin,
        about=About(assignment=rule.uuid, workspace="audit-prod"),
        statement=Statement(
            state="compliant",
            comments="Looked at in May.",
            expires_at=before + timedelta(days=10),
        ),
        evidence=[Evidence(title="minutes", uri="https://wiki.example/minutes")],
    )
    now = timezone.now()

    assert dossier_of(version, at=version.created_at).attestations == ()
    (told,) = dossier_of(version, at=now).attestations
    assert (told.state, told.comments) == ("compliant", "Looked at in May.")
    assert [(each.title, each.uri) for each in told.evidence] == [
        ("minutes", "https://wiki.example/minutes")
    ]
    assert len(told.entries) == 1
    assert dossier_of(version, at=before + timedelta(days=11)).attestations == ()
