"""Two scans held against each other: what became of each question, and why."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from audits.comparing import Answer, Became, became, causes
from audits.services import scans
from policies.services import assignments, resources
from tests.audits.estate import scan
from tests.policies.estate import CLOSED, OPEN, assign, exempt, make_policy, submit

if TYPE_CHECKING:
    from audits.models import Scan
    from tests.audits.conftest import House

EARLIER = {
    "breaks": CLOSED,
    "is-mended": OPEN,
    "stays-broken": OPEN,
    "stays-well": CLOSED,
    "comes-back": OPEN,
    "is-exempted": OPEN,
    "is-lost": OPEN,
}
LATER: dict[str, dict[str, Any]] = {
    "breaks": OPEN,
    "is-mended": CLOSED,
    "comes-back": OPEN,
    "appears-well": CLOSED,
    "appears-broken": OPEN,
    "is-lost": {},
}
STATES = ("pass", "fail", "error", "unknown", "not_applicable", "exempt", "conflict")


def compare(house: House, scan: Scan, other: Scan, **query: Any) -> Any:
    address = f"/api/audits/scans/{scan.uuid}/comparison/"
    return house.client(house.admin).get(address, {"with": str(other.uuid), **query})


def told(house: House, before: Scan, after: Scan) -> dict[str, tuple[str, list[str]]]:
    answer = compare(house, after, before)
    assert answer.status_code == 200, answer.json()
    return {
        line["subject"].rpartition(" ")[2]: (line["change"], line["causes"])
        for line in answer.json()["results"]
    }


def change_one_of_each(house: House) -> tuple[Scan, Scan]:
    """Two scans between which every kind of change happens."""
    rule = assign(make_policy(), house.dev, "audit")
    for name, document in EARLIER.items():
        submit(house.dev, document, external_id=name)
    gone = submit(house.dev, OPEN, external_id="goes")
    scan(house, "audit-dev")
    submit(house.dev, CLOSED, external_id="comes-back")
    before = scan(house, "audit-dev")
    for name, document in LATER.items():
        submit(house.dev, document, external_id=name)
    resources.retire(actor=house.admin, resource=gone.resource.uuid)
    snapshot = submit(house.dev, OPEN, external_id="is-exempted")
    exempt(
        rule,
        house.dev,
        asked_by=house.member("asker", dev="admin"),
        expires_at=timezone.now() + timedelta(days=1),
        resource=snapshot.resource.uuid,
    )
    return before, scan(house, "audit-dev")


def test_every_change_of_a_configuration_is_told_with_its_cause(house: House) -> None:
    before, after = change_one_of_each(house)

    assert told(house, before, after) == {
        "breaks": ("new_failure", ["configuration"]),
        "appears-broken": ("new_failure", ["newly_asked"]),
        "comes-back": ("regressed", ["configuration"]),
        "is-exempted": ("changed", ["exemption_began"]),
        "is-lost": ("changed", ["configuration"]),
        "stays-broken": ("still_failing", []),
        "appears-well": ("newly_judged", ["newly_asked"]),
        "goes": ("no_longer_judged", ["retired"]),
        "is-mended": ("mended", ["configuration"]),
    }
    assert compare(house, after, before).content == compare(house, before, after).content


def test_a_policy_that_is_assigned_no_more_judges_no_longer(house: House) -> None:
    rule = assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN, external_id="a")
    before = scan(house, "audit-dev")
    assignments.end(actor=house.admin, assignment=rule.uuid)
    after = scan(house, "audit-dev")

    assert told(house, before, after) == {"a": ("no_longer_judged", ["no_longer_asked"])}


def test_both_sides_show_what_they_rest_on(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    old = submit(house.dev, CLOSED, external_id="a")
    before = scan(house, "audit-dev")
    new = submit(house.dev, OPEN, external_id="a")
    after = scan(house, "audit-dev")

    answer = compare(house, after, before).json()

    (line,) = answer["results"]
    assert line["before"]["configuration_digest"] == old.digest
    assert line["after"]["configuration_digest"] == new.digest
    assert line["before"]["policy_digest"] == line["after"]["policy_digest"] != ""
    assert line["after"]["reasons"] == [{"path": "properties.public", "msg": "it is open"}]
    assert answer["before"] == {
        "uuid": str(before.uuid),
        "as_of": before.as_of.isoformat().replace("+00:00", "Z"),
        "digest": before.digest,
    }


def test_only_workspaces_that_both_cover_are_compared(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN, external_id="a")
    before = scan(house, "audit-dev")
    after = scan(house, "audit-dev", "audit-prod")

    answer = compare(house, after, before).json()

    assert (answer["workspaces"], answer["only_after"]) == (["audit-dev"], ["audit-prod"])
    assert answer["counts"]["still_failing"] == 1


def test_a_comparison_is_read_in_pages_of_constant_cost(
    house: House, django_assert_max_num_queries: Any
) -> None:
    assign(make_policy(), house.dev, "audit")
    for number in range(12):
        submit(house.dev, OPEN, external_id=f"r{number:02}")
    before, after = scan(house, "audit-dev"), scan(house, "audit-dev")
    client = house.client(house.admin)

    with django_assert_max_num_queries(22):
        first = compare(house, after, before, limit=5).json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    seen = [line["subject"] for page in (first, second, third) for line in page["results"]]
    assert seen == sorted(seen)
    assert (len(seen), third["next"]) == (12, None)
    with django_assert_max_num_queries(22):
        assert len(compare(house, after, before, limit=12).json()["results"]) == 12
    assert compare(house, after, before, change="mended").json()["results"] == []


def test_a_comparison_is_taken_out_as_csv(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, CLOSED, external_id="a")
    before = scan(house, "audit-dev")
    submit(house.dev, OPEN, external_id="a")
    after = scan(house, "audit-dev")

    answer = compare(house, after, before, format="csv")

    body = b"".join(answer.streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(body))
    assert (row["change"], row["causes"]) == ("new_failure", "configuration")
    assert (row["state_before"], row["state_after"]) == ("pass", "fail")
    assert row["configuration_digest_before"] != row["configuration_digest_after"]


def test_a_scan_that_is_not_complete_or_not_in_sight_is_not_compared(house: House) -> None:
    done = scan(house, "audit-dev")
    auditor = house.client(house.member("an-auditor", dev="auditor"))
    foreign = scan(house, "audit-prod")
    waiting = scans.start(actor=house.admin, workspaces=["audit-dev"])

    assert compare(house, done, waiting).status_code == 409
    address = f"/api/audits/scans/{done.uuid}/comparison/"
    refused = auditor.get(address, {"with": str(foreign.uuid)})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "with")
    assert auditor.get(address).status_code == 400
    assert (
        auditor.get(
            f"/api/audits/scans/{foreign.uuid}/comparison/", {"with": str(done.uuid)}
        ).status_code
        == 404
    )


@pytest.mark.parametrize(("before", "after"), list(product((None, *STATES), (None, *STATES))))
def test_every_pair_of_states_has_one_meaning(before: str | None, after: str | None) -> None:
    was = Answer(before, "high") if before else None
    now = Answer(after, "high") if after else None

    found = became(was, now, failed_earlier=False)

    if before is None and after is None:
        assert found is None
    elif after is None:
        assert found == Became.NO_LONGER_JUDGED
    elif after in {"fail", "conflict"}:
        known = before in {"fail", "conflict"}
        exempt = before == "exempt"
        expected = Became.STILL_FAILING if known else Became.FAILED
        assert found == (Became.CHANGED if exempt else expected)
    elif before is None:
        assert found == Became.NEWLY_JUDGED
    elif before == after or {before, after} == {"pass", "not_applicable"}:
        assert found is None
    elif before in {"fail", "conflict", "exempt"} and after in {"pass", "not_applicable"}:
        assert found == Became.MENDED
    else:
        assert found == Became.CHANGED


def test_another_severity_of_what_fails_still_is_a_change() -> None:
    assert (
        became(Answer("fail", "low"), Answer("fail", "high"), failed_earlier=True) == Became.CHANGED
    )


def test_all_that_differs_is_a_cause() -> None:
    before = Answer("fail", "high", "sha256:1", "sha256:2", "", "opa 1")
    after = Answer("pass", "high", "sha256:3", "sha256:4", "an-exemption", "opa 2")

    assert causes(before, after) == ["policy", "configuration", "exemption_began", "engine"]
    assert causes(after, before)[2] == "exemption_ended"
    assert causes(before, before) == causes(None, after) == []
