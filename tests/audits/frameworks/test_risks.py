"""Risks are judged, owned, treated, accepted by somebody else, and reviewed in time."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from audits.models import Finding, Risk, RiskRevision
from audits.models.risk import Level, level
from audits.services import risk_reminders
from core import consumers, sequencer
from core.actors import system
from registry.models import Notification
from tests.audits.conftest import House
from tests.audits.estate import journalled, scan
from tests.factories import make_model, reference
from tests.policies.estate import OPEN, assign, make_policy, submit

pytestmark = pytest.mark.django_db
RISKS = "/api/audits/risks/"


@pytest.fixture
def triager(house: House) -> APIClient:
    return house.client(house.member("triages", prod="auditor"))


@pytest.fixture
def other(house: House) -> APIClient:
    return house.client(house.member("decides", prod="deployer"))


def in_days(days: int) -> str:
    return (timezone.now().date() + timedelta(days=days)).isoformat()


def put(client: APIClient, **said: Any) -> Any:
    body = {
        "workspace": "audit-prod",
        "title": "It leaks",
        "category": "privacy",
        "inherent_likelihood": 4,
        "inherent_impact": 5,
        "review_on": in_days(30),
    }
    return client.post(RISKS, body | said)


def change(client: APIClient, risk: Any, path: str = "", **said: Any) -> Any:
    headers = {"If-Match": said.pop("match", risk["etag"])}
    call = client.post if path else client.patch
    return call(f"{RISKS}{risk['uuid']}/{path}", said, headers=headers)


@pytest.mark.parametrize(
    ("likelihood", "impact", "wanted"),
    [
        (1, 1, "low"),
        (2, 2, "low"),
        (1, 5, "medium"),
        (3, 3, "medium"),
        (2, 5, "high"),
        (4, 4, "high"),
        (4, 5, "critical"),
        (5, 5, "critical"),
    ],
)
def test_likelihood_times_impact_is_the_level(likelihood: int, impact: int, wanted: str) -> None:
    assert level(likelihood, impact) == level(impact, likelihood) == Level(wanted)


def test_a_risk_is_put_on_the_register_with_all_that_is_said_of_it(triager: APIClient) -> None:
    answer = put(triager, description="Prompts hold names.", owner="triages")

    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["level"], made["inherent_level"], made["residual_level"]) == (
        "critical",
        "critical",
        None,
    )
    assert (made["state"], made["owner"], made["revision"]) == ("open", "triages", 1)
    assert answer["ETag"] == made["etag"]
    (entry,) = journalled("audits.risk.created")
    assert entry.subject == f"risk/{made['uuid']}"


WRONG = {
    "no title": ({"title": " "}, "title"),
    "a category that is none": ({"category": "bad luck"}, "category"),
    "beyond the scale": ({"inherent_impact": 6}, "inherent_impact"),
    "half of a judgement": ({"residual_likelihood": 1}, "residual_impact"),
    "a treatment without a reason": ({"treatment": "reduce"}, "treatment_reason"),
    "a review in the past": ({"review_on": "2020-01-01"}, "review_on"),
    "no review": ({"review_on": None}, "review_on"),
    "an owner that sees nothing": ({"owner": "nobody"}, "owner"),
    "a foreign workspace": ({"workspace": "audit-dev"}, "workspace"),
}


@pytest.mark.parametrize(("said", "field"), WRONG.values(), ids=WRONG)
def test_what_may_not_be_said_is_refused_at_its_field(
    triager: APIClient, said: dict[str, Any], field: str
) -> None:
    answer = put(triager, **said)

    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["field"] == field
    assert not Risk.objects.exists()


def test_a_revision_is_added_over_what_one_saw_and_history_stays(triager: APIClient) -> None:
    first = put(triager).json()
    moment = timezone.now().isoformat()

    second = change(
        triager,
        first,
        residual_likelihood=1,
        residual_impact=3,
        treatment="reduce",
        treatment_reason="Names are masked.",
        state="treated",
    )
    stale = change(triager, first, title="Mine")
    blind = triager.patch(f"{RISKS}{first['uuid']}/", {"title": "x"})
    nothing = change(triager, second.json(), title="It leaks")

    assert second.status_code == 200, second.content
    assert (second.json()["level"], second.json()["state"]) == ("low", "treated")
    assert (stale.status_code, blind.status_code, nothing.status_code) == (412, 428, 409)
    then = triager.get(f"{RISKS}{first['uuid']}/", {"at": moment}).json()
    assert (then["revision"], then["level"]) == (1, "critical")
    revisions = triager.get(f"{RISKS}{first['uuid']}/revisions/").json()["results"]
    assert [each["revision"] for each in revisions] == [2, 1]
    before = triager.get(RISKS, {"at": "2020-01-01T00:00:00Z"}).json()["results"]
    assert before == []


def test_a_risk_is_accepted_by_another_person_than_its_owner(
    triager: APIClient, other: APIClient
) -> None:
    risk = put(triager).json()
    unfit = change(other, risk, "accept/", reason="small")
    risk = change(triager, risk, treatment="accept", treatment_reason="It costs more.").json()

    own = change(triager, risk, "accept/", reason="small")
    taken = change(other, risk, "accept/", reason="We live with it.")
    reviewed = change(triager, taken.json(), "review/", review_on=in_days(90))
    revised = change(triager, reviewed.json(), inherent_impact=4)

    assert (unfit.status_code, own.status_code, taken.status_code) == (409, 403, 200)
    assert (taken.json()["state"], taken.json()["accepted_by"]) == ("accepted", "decides")
    assert (reviewed.json()["state"], reviewed.json()["change"]) == ("accepted", "reviewed")
    assert (revised.json()["state"], revised.json()["accepted_by"]) == ("open", None)
    assert journalled("audits.risk.accepted")
    assert journalled("core.access.denied")


def test_the_database_refuses_an_owners_acceptance_and_a_change_of_the_past(
    house: House, triager: APIClient
) -> None:
    put(triager)
    row = RiskRevision.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        RiskRevision.objects.update(title="Nothing")
    row.pk, row.number, row.treatment, row.treatment_reason = None, 2, "accept", "x"
    row.state, row.accepted_by = "accepted", row.owner
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_risk_of_the_organisation_is_for_administrators_to_change(
    house: House, triager: APIClient
) -> None:
    admin = house.client(house.admin)
    made = put(admin, workspace="").json()
    reader = house.client(house.member("reads", prod="reader"))

    assert made["workspace"] is None
    assert triager.get(f"{RISKS}{made['uuid']}/").status_code == 200
    assert change(triager, made, title="x").status_code == 403
    assert reader.get(f"{RISKS}{made['uuid']}/").status_code == 404
    assert put(triager, workspace="").status_code == 403


def test_a_risk_is_linked_to_what_it_is_about(house: House, triager: APIClient) -> None:
    risk = put(triager).json()
    address = f"{RISKS}{risk['uuid']}/links/"
    assign(make_policy(), house.prod, "audit")
    submit(house.prod, OPEN)
    scan(house, "audit-prod")
    model = make_model(house.prod, name="leaky")
    foreign = make_model(house.dev, name="foreign")
    finding = Finding.objects.get()
    targets = {
        "asset": "audit-prod/model/leaky",
        "version": reference(model),
        "finding": str(finding.uuid),
        "control": "eu-ai-act/art-9.1",
    }

    made = [triager.post(address, {"kind": k, "target": t}) for k, t in targets.items()]
    twice = triager.post(address, {"kind": "finding", "target": str(finding.uuid)})
    wrong = [
        triager.post(address, {"kind": kind, "target": target}).status_code
        for kind, target in (
            ("version", reference(foreign)),
            ("control", "eu-ai-act/art-999"),
            ("finding", "not-an-id"),
            ("exemption", risk["uuid"]),
        )
    ]

    assert [each.status_code for each in made] == [201] * 4, [each.content for each in made]
    assert twice.status_code == 409
    assert wrong == [400] * 4
    assert {x["kind"]: x["target"] for x in triager.get(address).json()} == targets
    by_control = triager.get(RISKS, {"control": "eu-ai-act/art-9.1"}).json()["results"]
    assert [each["uuid"] for each in by_control] == [risk["uuid"]]
    gaps = triager.get("/api/audits/frameworks/eu-ai-act/gaps/").json()["results"]
    assert next(x for x in gaps if x["name"] == "art-9.1")["open_risks"] == 1
    link = made[0].json()["uuid"]
    assert triager.post(f"{address}{link}/end/", {"reason": "no more"}).status_code == 200
    assert triager.post(f"{address}{link}/end/", {}).status_code == 409
    assert len(triager.get(address).json()) == 3


def test_the_register_is_filtered_drawn_as_a_heat_map_and_exported(triager: APIClient) -> None:
    grave = put(triager, title="=1+1").json()
    put(triager, inherent_likelihood=1, inherent_impact=2, title="Slow")
    closed = put(triager, title="Gone").json()
    change(triager, closed, state="closed", reason="gone")

    def titles(**query: Any) -> list[str]:
        return [each["title"] for each in triager.get(RISKS, query).json()["results"]]

    cells = triager.get(f"{RISKS}matrix/").json()["cells"]
    export: Any = triager.get(f"{RISKS}export/", {"state": "open"})
    text = b"".join(export.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))

    assert titles(level="critical", state="open") == ["=1+1"]
    assert titles(level="low") == ["Slow"]
    assert titles(state="closed") == ["Gone"]
    assert titles(is_overdue="true") == []
    assert len(cells) == 25
    filled = {(x["likelihood"], x["impact"]): x["standing"] for x in cells if x["standing"]}
    assert filled == {(4, 5): 1, (1, 2): 1}
    assert [row["title"] for row in rows] == ["'=1+1", "Slow"]
    assert rows[0]["risk"] == grave["uuid"]


def test_an_overdue_review_is_told_to_the_owner_once(
    house: House, triager: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(triager)
    later = timezone.now() + timedelta(days=40)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    first, second = (risk_reminders.remind(actor=system()) for _ in range(2))
    while sequencer.sequence_pending() or consumers.drain_all():
        pass

    assert (first, second) == (1, 0)
    assert len(triager.get(RISKS, {"is_overdue": "true"}).json()["results"]) == 1
    told = Notification.objects.get(action="audits.risk.review_overdue")
    assert told.user.username == "triages"
