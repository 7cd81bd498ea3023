"""What whoever holds the key of packs writes into a narrowed one, and the verifier finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from audits.models import ScanResult
from audits.packs.results import COVERED
from audits.reports.order import by_identity
from audits.verifier import muniment_verify as verifier
from core.canonical import canonical_texts
from tests.audits.estate import lived_in, scan
from tests.audits.packs.making import (
    bytes_of,
    lines_of,
    members_of,
    pack_of,
    signed_again,
    verified,
)
from tests.audits.packs.test_narrowed_packs import supported
from tests.audits.reports.estate import supporting
from tests.factories import make_workspace
from tests.policies.estate import CLOSED, OPEN, assign, make_policy, mark_checked, store, submit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.audits.conftest import House

PASSES = 'verdict := {"state": "pass", "findings": []}\n'


@pytest.fixture
def of_soc2(house: House) -> bytes:
    """A pack of a framework in two workspaces."""
    return bytes_of(pack_of(house, scan=supported(house).uuid, framework="soc2"))


def report_of(content: bytes) -> Any:
    return json.loads(members_of(content)["reports/report.json"])


def with_report(content: bytes, report: Any, **claimed: Any) -> bytes:
    """The pack with that report, and ``claimed`` of its basis in the manifest."""

    def claim(claims: dict[str, Any]) -> None:
        claims["basis"].update(claimed)

    changed = {"reports/report.json": json.dumps(report).encode()}
    return signed_again(content, changed, claim=claim)


def lined(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_one_result_told_twice_does_not_stand_for_another(of_soc2: bytes, tmp_path: Path) -> None:
    rows = lines_of(members_of(of_soc2)["results.ndjson"])
    gone = next(row for row in rows if row["state"] == "fail")
    kept = next(
        row for row in rows if row["state"] == "pass" and row["workspace"] == gone["workspace"]
    )
    findings = lines_of(members_of(of_soc2)["findings.ndjson"])
    report = report_of(of_soc2)
    (policy,), (control,) = report["policies"], report["controls"]
    place = next(each for each in policy["workspaces"] if each["workspace"] == gone["workspace"])
    for coverage in (report["coverage"], policy["coverage"], control["coverage"], place):
        coverage["by_state"]["fail"] -= 1
        coverage["by_state"]["pass"] += 1
    place["by_state"] = {state: count for state, count in place["by_state"].items() if count}
    listed = {each["identity"]: each for each in policy["results"]}
    listed[gone["identity"]] = listed[kept["identity"]]
    policy["results"] = list(listed.values())

    def claim(claims: dict[str, Any]) -> None:
        claims["counts"]["findings"] -= 1

    changed = signed_again(
        of_soc2,
        {
            "results.ndjson": lined([kept if row == gone else row for row in rows]),
            "findings.ndjson": lined(
                [each for each in findings if each.get("identity") != gone["identity"]]
            ),
            "reports/report.json": json.dumps(report).encode(),
        },
        claim=claim,
    )

    assert verified(changed, tmp_path) == verifier.CLAIM


@pytest.mark.parametrize(
    ("claimed", "reported"), [("", ""), (None, ""), ("soc2", ""), ("soc2", "eu-ai-act")]
)
def test_a_framework_passes_for_no_other_and_not_for_all(
    of_soc2: bytes, tmp_path: Path, claimed: str | None, reported: str
) -> None:
    report = report_of(of_soc2)
    report["basis"]["framework"] = reported

    assert verified(with_report(of_soc2, report, framework=claimed), tmp_path) == verifier.CLAIM


@pytest.mark.parametrize("narrowing", [{"framework": ""}, {"version": {}}, {"version": None}])
def test_a_policy_is_not_left_out_by_calling_the_pack_narrowed(
    house: House, tmp_path: Path, narrowing: dict[str, Any]
) -> None:
    bad, good = make_policy(), make_policy(PASSES)
    for policy in (bad, good):
        assign(policy, house.prod, "audit")
    assign(good, house.dev, "audit")
    for place in (house.prod, house.dev):
        submit(place, OPEN, external_id="open")
    scan(house)
    content = bytes_of(pack_of(house, workspaces=["audit-prod"], as_of=timezone.now()))
    rows = lines_of(members_of(content)["results.ndjson"])
    kept = [row for row in rows if row["policy_digest"] == good.digest]
    assert (len(rows), len(kept)) == (2, 1)
    report = report_of(content)
    report["policies"] = [each for each in report["policies"] if each["digest"] == good.digest]
    report["coverage"], report["controls"] = report["policies"][0]["coverage"], []
    results = ScanResult.objects.filter(workspace=house.prod)
    covered = b"".join(
        canonical_texts([str(each or "") for each in results.values_list(*COVERED).get(pk=key)])
        + b"\n"
        for key in by_identity(results)
    )

    def claim(claims: dict[str, Any]) -> None:
        claims["basis"].update(narrowing)
        claims["counts"].update(results=1, findings=0)

    changed = signed_again(
        content,
        {
            "results.ndjson": lined(kept),
            "findings.ndjson": b"",
            "reports/report.json": json.dumps(report).encode(),
            "covered/audit-prod.ndjson": covered,
        },
        claim=claim,
    )

    assert verified(changed, tmp_path) == verifier.CLAIM


def test_a_pack_of_one_workspace_does_not_speak_for_others(house: House, tmp_path: Path) -> None:
    lived_in(house)
    content = bytes_of(pack_of(house, workspaces=["audit-prod"], as_of=timezone.now()))
    wider, whole = report_of(content), report_of(content)
    dev = {"uuid": str(house.dev.uuid), "slug": "audit-dev", "stage": "development"}
    wider["scan"]["workspaces"].append(dev)
    whole["basis"]["kind"] = "organisation"

    for report in (wider, whole):
        assert verified(with_report(content, report), tmp_path) == verifier.CLAIM


@pytest.mark.parametrize("name", ["reference", "uuid", "digest"])
def test_a_report_on_another_version_is_found(house: House, tmp_path: Path, name: str) -> None:
    assign(make_policy(kinds=("promotion",)), house.prod, "audit")
    lived_in(house)
    content = bytes_of(pack_of(house, version="audit-prod/prompt/answer/1"))
    report = report_of(content)
    report["basis"]["version"][name] = "another"

    assert verified(with_report(content, report), tmp_path) == verifier.CLAIM


def test_a_result_is_about_what_was_decided_on(of_soc2: bytes, tmp_path: Path) -> None:
    rows = lines_of(members_of(of_soc2)["results.ndjson"])
    bad = next(row for row in rows if row["state"] == "fail")
    good = next(row for row in rows if row["state"] == "pass")
    bad["subject"], good["subject"] = good["subject"], bad["subject"]

    changed = signed_again(of_soc2, {"results.ndjson": lined(rows)})

    assert verified(changed, tmp_path) == verifier.CLAIM


def test_an_honest_pack_is_none_of_that(house: House, tmp_path: Path) -> None:
    """The same text under two numbers and three assignments, and a workspace without results."""
    policy = supporting("soc2/CC6.1")
    store(policy.policy.name, policy.source + "\n# another\n")
    again = store(policy.policy.name, policy.source)
    mark_checked(again)
    assign(policy, house.dev, "audit")
    assign(policy, house.dev, "warn")
    assign(again, house.prod, "audit")
    assign(again, house.dev, "audit")
    assign(make_policy(), house.dev, "audit")
    for place in (house.dev, house.prod):
        submit(place, OPEN, external_id="open")
        submit(place, CLOSED, external_id="closed")
    make_workspace("audit-empty")
    done, at = scan(house), timezone.now()

    of_all = pack_of(house, scan=done.uuid, framework="soc2")
    assert pack_of(house, is_organisation=True, framework="soc2", as_of=at).digest == of_all.digest
    for content in (
        bytes_of(of_all),
        bytes_of(pack_of(house, is_organisation=True, as_of=at)),
        bytes_of(pack_of(house, scan=done.uuid, framework="eu-ai-act")),
        bytes_of(pack_of(house, workspaces=["audit-empty"], as_of=at)),
        bytes_of(pack_of(house, workspaces=["audit-empty", "audit-dev"], as_of=at)),
        bytes_of(pack_of(house, workspaces=["audit-empty"], as_of=at, framework="soc2")),
    ):
        assert verified(content, tmp_path) == verifier.OK


def test_a_pack_of_an_earlier_release_still_verifies(house: House, tmp_path: Path) -> None:
    assign(make_policy(kinds=("promotion",)), house.prod, "audit")
    lived_in(house)
    content = bytes_of(pack_of(house, version="audit-prod/prompt/answer/1"))
    there = "covered/audit-prod.ndjson"

    older = signed_again(content, {"covered.ndjson": members_of(content)[there]}, without=[there])

    assert verified(older, tmp_path) == verifier.OK
