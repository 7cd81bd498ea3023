"""When findings are due: by rule, unless somebody said otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from audits.models import DueRule, Finding
from audits.queries.due import due_days, with_due
from audits.services import triage
from tests.audits.estate import journalled, scan
from tests.policies.estate import CLOSED, OPEN, submit

if TYPE_CHECKING:
    from datetime import datetime

    from rest_framework.test import APIClient

    from tests.audits.conftest import House

RULES = "/api/audits/due-rules/"
DAYS: dict[str, Any] = {"critical": 1, "high": 10, "medium": 20, "low": None}


def due(finding: Finding, *, at: datetime | None = None) -> tuple[Any, bool]:
    """Days from opening to the due date, and whether that is past."""
    row: Any = with_due(Finding.objects.filter(pk=finding.pk), now=at).get()
    return (row.due_at - row.opened_at if row.due_at else None), row.is_overdue


def set_rule(client: APIClient, **changes: Any) -> Any:
    return client.post(RULES, DAYS | changes, format="json")


def test_without_rules_the_products_days_count(failing: list[Finding]) -> None:
    assert due(failing[0]) == (timedelta(days=30), False)
    assert due(failing[0], at=timezone.now() + timedelta(days=31)) == (timedelta(days=30), True)


def test_a_workspaces_rule_stands_in_place_of_the_organisations(
    house: House, failing: list[Finding], django_assert_num_queries: Any
) -> None:
    admin = house.client(house.admin)
    of_dev = house.client(house.member("dev-admin", dev="admin"))

    assert set_rule(admin).status_code == 201
    assert due(failing[0])[0] == timedelta(days=10)
    own = set_rule(of_dev, workspace="audit-dev", high=3, reason="they are quick")
    assert own.status_code == 201, own.json()
    assert due(failing[0])[0] == timedelta(days=3)
    assert of_dev.get(f"{RULES}in-force/", {"workspace": "audit-dev"}).json() == DAYS | {
        "rule_of": "workspace",
        "high": 3,
    }
    assert of_dev.get(f"{RULES}in-force/").json() == DAYS | {"rule_of": "organisation"}

    ended = of_dev.post(f"{RULES}{own.json()['uuid']}/end/", {}, format="json")
    assert ended.status_code == 200, ended.json()
    assert due(failing[0])[0] == timedelta(days=10)
    assert of_dev.post(f"{RULES}{own.json()['uuid']}/end/", {}, format="json").status_code == 409
    assert (len(journalled("audits.due_rule.set")), len(journalled("audits.due_rule.ended"))) == (
        2,
        1,
    )
    with django_assert_num_queries(1):
        due_days()


def test_a_severity_may_be_due_never(house: House, failing: list[Finding]) -> None:
    set_rule(house.client(house.admin), high=None)

    assert due(failing[0]) == (None, False)


def test_another_rule_of_a_place_replaces_the_one_there(house: House, db: None) -> None:
    admin = house.client(house.admin)
    set_rule(admin)

    assert set_rule(admin).status_code == 409
    assert set_rule(admin, high=11).status_code == 201
    assert list(DueRule.objects.filter(valid_to=None).values_list("high")) == [(11,)]
    answer = admin.get(RULES).json()["results"]
    assert [each["high"] for each in answer] == [11, 10]


def test_who_may_not_assign_policies_sets_no_rule(house: House) -> None:
    author = house.client(house.member("an-author", dev="author"))

    assert set_rule(author).status_code == 403
    assert set_rule(author, workspace="audit-dev").status_code == 403
    assert set_rule(author, workspace="audit-prod").status_code == 400
    assert set_rule(house.client(house.admin), high=0).status_code == 400


def test_a_date_that_was_set_counts_until_the_finding_comes_back(
    house: House, failing: list[Finding]
) -> None:
    finding = failing[0]
    chosen = timezone.now() + timedelta(days=2)
    triage.triage(actor=house.admin, findings=[finding.uuid], changes={"due_at": chosen})
    client = house.client(house.admin)

    def shown() -> Any:
        return client.get(f"/api/audits/findings/{finding.uuid}/triage/").json()

    assert parse_datetime(shown()["due_at"]) == chosen
    assert shown()["due_is_set"] is True
    for document in (CLOSED, OPEN):
        submit(house.dev, document, external_id="a")
        scan(house, "audit-dev")

    finding.refresh_from_db()
    assert due(finding)[0] == timedelta(days=30)
    assert shown()["due_is_set"] is False


def test_what_is_resolved_is_never_overdue(house: House, failing: list[Finding]) -> None:
    submit(house.dev, CLOSED, external_id="a")
    scan(house, "audit-dev")

    assert due(failing[0], at=timezone.now() + timedelta(days=99))[1] is False
    assert due(failing[1], at=timezone.now() + timedelta(days=99))[1] is True


@pytest.mark.parametrize("places", [1, 40])
def test_a_list_costs_the_same_with_any_number_of_rules(
    house: House, failing: list[Finding], places: int, django_assert_num_queries: Any
) -> None:
    from tests.factories import make_workspace

    for number in range(places):
        place = make_workspace(f"ruled-{number}")
        DueRule.objects.create(workspace=place, high=number + 1)

    with django_assert_num_queries(2):
        assert len(with_due(Finding.objects.all())) == 2
