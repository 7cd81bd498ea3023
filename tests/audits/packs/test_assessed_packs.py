"""What packs tell of their scans: a version's part of it, and the passes of a large one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from audits.reports.formats import STANDARD
from audits.reports.offered import form_of
from audits.services import reports
from audits.services.report_bases import Asked
from audits.verifier import muniment_verify as verifier
from tests.audits.estate import lived_in, scan
from tests.audits.packs.making import (
    bytes_of,
    lines_of,
    members_of,
    pack_of,
    signed_again,
    verified,
    work,
)
from tests.factories import make_prompt
from tests.policies.estate import assign, make_policy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.audits.conftest import House

COVERED = "covered/audit-prod.ndjson"


def test_a_pack_of_a_version_has_its_part_of_the_newest_scan(house: House, tmp_path: Path) -> None:
    assign(make_policy(kinds=("promotion",)), house.prod, "audit")
    lived_in(house)
    make_prompt(house.prod, name="other", aliases=["production"])
    of_both = scan(house)
    at = timezone.now()
    version = "audit-prod/prompt/answer/1"
    first = pack_of(house, version=version, as_of=at)
    scan(house)
    report = reports.request(
        actor=house.admin, asked=Asked(version=version, as_of=at), formats=STANDARD
    )
    work()
    members = members_of(bytes_of(first))

    assert first.scan == of_both
    assert pack_of(house, version=version, as_of=at).digest == first.digest
    for file in report.files.all():
        name = f"reports/report{form_of(file.format).suffix}"
        assert members[name] == bytes(file.body or b""), name
    results = lines_of(members["results.ndjson"])
    assert {each["subject"] for each in results} == {"audit-prod/prompt/answer@production"}
    covered = lines_of(members[COVERED])
    assert len(results) < len(covered) == of_both.results.filter(workspace=house.prod).count()
    assert {each["workspace"] for each in lines_of(members["journal/entries.ndjson"])} == {
        str(house.prod.uuid)
    }
    for foreign in (b"audit-dev", b"prompt/other"):
        for name in ("results.ndjson", "findings.ndjson", COVERED, "manifest.json"):
            assert foreign not in members[name]
    assert verified(bytes_of(first), tmp_path) == verifier.OK


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (COVERED, (b'","pass","', b'","fail","')),
        ("results.ndjson", (b'"identity":"sha256:', b'"identity":"sha256:0')),
        ("reports/report.json", (b'"conflict":0', b'"conflict":1')),
        ("reports/report.json", (b'"population":', b'"population":1')),
    ],
)
def test_what_a_pack_of_a_version_tells_of_its_scan_is_borne_out_by_the_journal(
    house: House, tmp_path: Path, name: str, change: tuple[bytes, bytes]
) -> None:
    assign(make_policy(kinds=("promotion",)), house.prod, "audit")
    lived_in(house)
    content = bytes_of(pack_of(house, version="audit-prod/prompt/answer/1"))

    changed = signed_again(content, {name: members_of(content)[name].replace(*change)})

    assert members_of(changed)[name] != members_of(content)[name]
    assert verified(changed, tmp_path) == verifier.CLAIM


def test_a_pack_of_a_large_scan_counts_its_passes_and_verifies(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audits.reports.coverage.MOST_LISTED", 3)
    basis = lived_in(house)
    content = bytes_of(pack_of(house, scan=basis.uuid))
    members = members_of(content)
    report = json.loads(members["reports/report.json"])

    assert report["passes"] == "counted"
    listed = [each["state"] for policy in report["policies"] for each in policy["results"]]
    states = basis.counts
    assert states is not None
    assert states["pass"] > 0
    assert "pass" not in listed
    assert len(listed) == sum(states.values()) - states["pass"] - states["not_applicable"]
    assert len(lines_of(members["results.ndjson"])) == sum(states.values())
    assert members["reports/report.csv"].count(b"\r\n") == sum(states.values()) + 1
    assert verified(content, tmp_path) == verifier.OK
    fewer = members["reports/report.json"].replace(b'"pass":1', b'"pass":2')
    assert verified(signed_again(content, {"reports/report.json": fewer}), tmp_path) == (
        verifier.CLAIM
    )
