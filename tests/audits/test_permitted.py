"""Was a version permitted in production at a time, by whom, on what evidence?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.sequencer import sequence_pending
from registry.models import AssetVersion, Promotion
from registry.services import lifecycle
from registry.services.promotions import request, rollback
from tests.audits.estate import promote
from tests.factories import make_flow, make_prompt, reference

if TYPE_CHECKING:
    from core.actors import Actor
    from tests.audits.conftest import House

ADDRESS = "/api/audits/permitted/"


def ask(house: House, actor: Actor, ref: str, at: datetime | None = None) -> dict[str, Any]:
    query = {"ref": ref, **({"at": at.isoformat()} if at else {})}
    response = house.client(actor).get(ADDRESS, query)
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def test_a_promoted_version_is_permitted_and_the_answer_says_by_whom(house: House) -> None:
    promote(house)
    sequence_pending()
    answer = ask(house, house.admin, "audit-prod/prompt/answer@production")

    (place,) = answer["places"]
    assert answer["is_permitted"]
    assert place["is_permitted"]
    assert place["reasons"] == []
    assert place["aliases"] == ["production"]
    assert place["promotion"]["promoted_from"].startswith("audit-dev/prompt/answer/")
    assert place["promotion"]["reason"] == "T-7"
    (approval,) = place["approvals"]
    assert (approval["decision"], approval["decided_by"]) == ("approved", "an-approver")
    told = {entry["action"]: entry for entry in place["entries"]}
    assert told["registry.promotion.requested"]["seq"] is not None
    assert told["registry.promotion.decided"]["roles"] == ["approver"]
    assert told["registry.promotion.completed"]["seq"] is not None


def test_the_source_of_a_promotion_leads_to_the_place_where_it_stands(house: House) -> None:
    promote(house)
    answer = ask(house, house.admin, "audit-dev/prompt/answer/1")

    assert [place["workspace"] for place in answer["places"]] == ["audit-prod"]
    assert answer["is_permitted"]


def test_what_a_flow_took_along_is_permitted_by_the_flows_promotion(house: House) -> None:
    prompt = make_prompt(house.dev, name="member")
    flow = make_flow(house.dev, [prompt], name="bot")
    request.promote(
        actor=house.admin,
        source=reference(flow),
        target="audit-prod",
        alias="production",
        reason="T-8",
    )

    (place,) = ask(house, house.admin, reference(prompt))["places"]
    assert place["ref"] == "audit-prod/prompt/member/1"
    assert place["reasons"] == []
    assert place["promotion"]["promoted_from"] == "audit-dev/flow/bot/1"
    assert "registry.promotion.completed" in {entry["action"] for entry in place["entries"]}


def test_before_it_came_it_was_nowhere(house: House) -> None:
    before = timezone.now()
    promote(house)

    answer = ask(house, house.admin, "audit-prod/prompt/answer/1", before)
    assert (answer["is_permitted"], answer["places"]) == (False, [])


def test_what_was_registered_in_production_no_gate_was_asked_about(house: House) -> None:
    version = make_prompt(house.prod, name="smuggled")
    (place,) = ask(house, house.admin, reference(version))["places"]

    assert not place["is_permitted"]
    assert "no gate was asked" in place["reasons"][0]


def test_a_withdrawal_counts_from_when_it_was_made_and_not_before(house: House) -> None:
    promote(house)
    version = AssetVersion.objects.get(asset__workspace=house.prod)
    before = timezone.now()
    lifecycle.change(
        actor=house.admin, version=reference(version), state="withdrawn", reason="unsafe"
    )

    assert ask(house, house.admin, reference(version), before)["is_permitted"]
    (place,) = ask(house, house.admin, reference(version))["places"]
    assert place["reasons"] == ["it was withdrawn"]
    assert ask(house, house.admin, reference(version), before)["is_permitted"]


def test_a_promotion_that_was_rolled_back_permits_no_more(house: House) -> None:
    promote(house)
    promote(house, approver="another-approver")
    promotion = Promotion.objects.latest("id")
    assert promotion.target_version is not None
    ref = reference(promotion.target_version)
    before = timezone.now()
    rollback.rollback(actor=house.admin, promotion=promotion.uuid, reason="worse than before")

    assert ask(house, house.admin, ref, before)["is_permitted"]
    (place,) = ask(house, house.admin, ref)["places"]
    assert place["reasons"] == ["its promotion had been rolled back"]
    assert place["aliases"] == []
    assert ask(house, house.admin, "audit-prod/prompt/answer@production")["is_permitted"]


def test_whoever_may_not_read_the_trail_of_a_place_is_told_nothing_of_it(house: House) -> None:
    promote(house)
    reader = house.member("a-reader", dev="reader", prod="reader")
    auditor = house.member("an-auditor", dev="reader", prod="auditor")

    assert ask(house, reader, "audit-dev/prompt/answer/1")["places"] == []
    assert len(ask(house, auditor, "audit-dev/prompt/answer/1")["places"]) == 1


def test_a_moment_to_come_is_answered_as_now(house: House) -> None:
    promote(house)
    later = timezone.now() + timedelta(days=1)

    assert ask(house, house.admin, "audit-prod/prompt/answer/1", later)["is_permitted"]


def test_more_places_cost_no_more_queries(house: House) -> None:
    promote(house)
    client = house.client(house.admin)
    query = {"ref": "audit-prod/prompt/answer/1"}
    client.get(ADDRESS, query)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(ADDRESS, query)

    assert len(queries) <= 14
