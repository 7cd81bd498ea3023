"""What no engine can judge, a person attests: with evidence, for a time, on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import AccessDenied, Conflict, InvalidInput
from core.journal import decode
from core.models import JournalEntry
from policies.models import Assignment, Attestation, Decision
from policies.services import attestations
from policies.services.attestations import About, Statement
from policies.services.evidence import Evidence
from registry.models import Blob, Promotion, Workspace
from registry.services import collection
from tests.factories import (
    administrator,
    make_model,
    make_upload,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.policies.estate import OPEN, assign, exempt, make_policy, promote, reasons, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
API = "/api/policies/attestations/"


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


@pytest.fixture
def assignment(prod: Workspace) -> Assignment:
    return assign(make_policy(kinds=("configuration", "promotion")), prod, "manual")


def attest(assignment: Assignment, state: str = "compliant", **more: Any) -> Attestation:
    about = {name: more.pop(name) for name in ("resource", "asset") if name in more}
    evidence = more.pop("evidence", ())
    more.setdefault("expires_at", timezone.now() + timedelta(days=90))
    return attestations.attest(
        actor=more.pop("actor", None) or administrator(),
        about=About(assignment=assignment.uuid, workspace="prod", **about),
        statement=Statement(state=state, **more),
        evidence=evidence,
    )


def answers(prod: Workspace) -> dict[str, str]:
    """What a promotion into prod is told of the manual rule, by subject."""
    promotion = promote(reference(make_model(make_workspace())), prod)
    assert promotion.status == Promotion.Status.COMPLETED
    (verdict,) = [each for each in promotion.verdicts if each["gate"] == "policies"]
    told = Decision.objects.filter(uuid__in=verdict["evidence"])
    return {"version" if each.version_id else each.subject: each.state for each in told}


def test_nobody_asks_an_engine_and_nothing_is_held_up(
    assignment: Assignment, prod: Workspace
) -> None:
    promotion = promote(reference(make_model(make_workspace("dev"))), prod)

    assert promotion.status == Promotion.Status.COMPLETED
    assert {each["code"] for each in reasons(promotion)} == {"policy_not_attested"}
    assert {each.engine for each in Decision.objects.all()} == {""}
    assert {each.state for each in Decision.objects.all()} == {"unknown"}


@pytest.mark.parametrize(
    ("said", "state"), [("compliant", "pass"), ("non_compliant", "fail"), (None, "unknown")]
)
def test_the_answer_is_what_was_attested_last(
    assignment: Assignment, prod: Workspace, said: str | None, state: str
) -> None:
    attest(assignment, "compliant")
    last = attest(assignment, said or "non_compliant")
    if said is None:
        attestations.end(actor=administrator(), attestation=last.uuid, reason="in error")

    assert set(answers(prod).values()) == {state}
    told = Decision.objects.latest("id")
    assert told.attestation == (last if said else None)


def test_what_expired_counts_no_more_and_stays_on_record(
    assignment: Assignment, prod: Workspace
) -> None:
    made = attest(assignment, expires_at=timezone.now() + timedelta(seconds=0.3))
    while timezone.now() < made.expires_at:
        pass

    assert set(answers(prod).values()) == {"unknown"}
    assert made.status == "expired"
    assert Attestation.objects.get(pk=made.pk).valid_to is None


def test_the_closest_attestation_counts(assignment: Assignment, prod: Workspace) -> None:
    one = submit(prod, OPEN, external_id="one").resource
    submit(prod, OPEN, external_id="two")
    attest(assignment, "non_compliant", resource=one.uuid)
    attest(assignment, "compliant")

    found = answers(prod)

    assert {found[str(one)], found["version"]} == {"fail", "pass"}


def test_an_exemption_covers_a_manual_rule_too(assignment: Assignment, prod: Workspace) -> None:
    exempt(
        assignment,
        prod,
        asked_by=member(prod, "deployer"),
        expires_at=timezone.now() + timedelta(days=9),
    )

    promotion = promote(reference(make_model(make_workspace("dev"))), prod)

    assert {each["code"] for each in reasons(promotion)} == {"policy_exempted"}


def test_only_manual_rules_are_attested(prod: Workspace) -> None:
    judged = assign(make_policy(), prod, "audit")

    with pytest.raises(InvalidInput, match="an engine answers it"):
        attest(judged)


@pytest.mark.parametrize("role", ["reader", "author", "approver", "deployer", "auditor"])
def test_attesting_and_ending_need_the_right_to_assign(
    assignment: Assignment, prod: Workspace, role: str
) -> None:
    actor = member(prod, role)
    with pytest.raises(AccessDenied):
        attest(assignment, actor=actor)
    made = attest(assignment)

    with pytest.raises(AccessDenied):
        attestations.end(actor=actor, attestation=made.uuid)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"state": "fine"}, "state"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "expires_at"),
        ({"expires_at": timezone.now() + timedelta(days=999)}, "expires_at"),
        ({"assessed_at": timezone.now() + timedelta(days=1)}, "assessed_at"),
        ({"comments": "x" * 4_001}, "comments"),
        ({"owner": "nobody-here"}, "owner"),
        ({"asset": "novel/x"}, "asset"),
        ({"resource": UUID(int=1)}, "resource"),
        ({"evidence": [Evidence(title="t")]}, "evidence[0]"),
        ({"evidence": [Evidence(title=" ", uri="https://x.example")]}, "evidence[0].title"),
        ({"evidence": [Evidence(title="t", uri="javascript:alert(1)")]}, "evidence[0].uri"),
        ({"evidence": [Evidence(title="t", uri="https://a:b@x.example")]}, "evidence[0].uri"),
        ({"evidence": [Evidence(title="t", upload=UUID(int=1))]}, "evidence[0].upload"),
    ],
)
def test_what_cannot_be_attested_is_refused(
    assignment: Assignment, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        attest(assignment, **{"state": "compliant", **changes})

    assert caught.value.errors[0].field == field
    assert not Attestation.objects.exists()


def test_evidence_is_kept_by_its_digest_and_given_back(
    assignment: Assignment, prod: Workspace
) -> None:
    client = token_client(administrator())
    upload = make_upload(prod, b"%PDF the minutes")
    body = {
        "assignment": str(assignment.uuid),
        "workspace": "prod",
        "state": "compliant",
        "expires_at": (timezone.now() + timedelta(days=9)).isoformat(),
        "evidence": [
            {"title": "minutes.pdf", "upload": str(upload.uuid)},
            {"title": "The ticket", "uri": "https://tickets.example/7"},
        ],
    }

    made = client.post(API, body, format="json")

    assert made.status_code == 201, made.data
    file, address = made.data["evidence"]
    assert file["digest"] == upload.digest
    assert address["uri"] == "https://tickets.example/7"
    content = client.get(f"{API}{made.data['uuid']}/evidence/{file['uuid']}/content/")
    assert b"".join(content.streaming_content) == b"%PDF the minutes"  # type: ignore[attr-defined]
    elsewhere = client.get(f"{API}{made.data['uuid']}/evidence/{address['uuid']}/content/")
    assert elsewhere.status_code == 409
    entry = decode(JournalEntry.objects.get(action="policies.attestation.made"))
    assert [each["digest"] for each in entry["data"]["evidence"]] == [upload.digest, ""]


def test_evidence_outlives_its_upload(assignment: Assignment, prod: Workspace) -> None:
    upload = make_upload(prod, b"the minutes")
    attest(assignment, evidence=[Evidence(title="minutes", upload=upload.uuid)])

    collected = collection.collect(actor=administrator(), grace=-timedelta(days=2))

    assert collected.uploads_released == 1
    assert Blob.objects.filter(digest=upload.digest).exists()


def test_what_was_said_then_stays(assignment: Assignment) -> None:
    made = attest(assignment)

    for change in ({"state": "non_compliant"}, {"comments": "no"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attestation.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.delete()
    attestations.end(actor=administrator(), attestation=made.uuid)
    with pytest.raises(Conflict):
        attestations.end(actor=administrator(), attestation=made.uuid)
