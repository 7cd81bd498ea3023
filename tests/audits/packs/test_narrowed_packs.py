"""Packs of fewer workspaces than their scan, and of one framework: what they tell, and prove."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audits.models import EvidencePack, Scan
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
from tests.audits.reports.estate import supporting
from tests.policies.estate import CLOSED, OPEN, assign, make_policy, submit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.audits.conftest import House

PACKS = "/api/audits/packs/"
IN_DEV, IN_PROD = "covered/audit-dev.ndjson", "covered/audit-prod.ndjson"


def supported(house: House) -> Scan:
    """A scan of two workspaces with one policy for a control of SOC 2, and one for none."""
    policy = supporting("soc2/CC6.1")
    for place in (house.dev, house.prod):
        assign(policy, place, "audit")
        assign(make_policy(), place, "audit")
        submit(place, OPEN, external_id="open")
        submit(place, CLOSED, external_id="closed")
    return scan(house)


def as_reported(house: House, members: dict[str, bytes], asked: Asked) -> bool:
    """Whether the report in a pack is the one that is had by itself."""
    report = reports.request(actor=house.admin, asked=asked, formats=STANDARD)
    work()
    files = list(report.files.all())
    names = {file.format: f"reports/report{form_of(file.format).suffix}" for file in files}
    return bool(files) and all(
        members[names[file.format]] == bytes(file.body or b"") for file in files
    )


def test_a_pack_of_one_workspace_comes_of_a_scan_of_all(house: House, tmp_path: Path) -> None:
    submit(house.dev, OPEN, external_id="heron")
    of_all = lived_in(house)
    at = timezone.now()
    pack = pack_of(house, workspaces=["audit-prod"], as_of=at)
    members = members_of(bytes_of(pack))
    manifest = json.loads(members["manifest.json"])

    assert (pack.scan, pack.as_of) == (of_all, of_all.as_of)
    assert [place["slug"] for place in manifest["basis"]["workspaces"]] == ["audit-prod"]
    assert "scan" not in manifest["basis"]
    results = lines_of(members["results.ndjson"])
    assert len(results) == of_all.results.filter(workspace=house.prod).count()
    assert len(results) < of_all.results.count()
    assert {each["workspace"] for each in lines_of(members["journal/entries.ndjson"])} == {
        str(house.prod.uuid)
    }
    assert [name for name in members if b"heron" in members[name]] == []
    for name in ("results.ndjson", "findings.ndjson", "manifest.json"):
        assert b"audit-dev" not in members[name]
    assert pack_of(house, workspaces=["audit-prod"], as_of=at).digest == pack.digest
    assert verified(bytes_of(pack), tmp_path) == verifier.OK


def test_who_may_scan_one_workspace_has_its_part_and_no_other(house: House) -> None:
    of_all = lived_in(house)
    client = house.client(house.member("auditor", prod="auditor"))
    at = timezone.now().isoformat()

    mine = client.post(PACKS, {"workspaces": ["audit-prod"], "as_of": at})
    assert mine.status_code == 202, mine.json()
    assert mine.json()["workspaces"] == ["audit-prod"]
    whole = pack_of(house, scan=of_all.uuid)

    assert client.get(f"{PACKS}{mine.json()['uuid']}/").status_code == 200
    assert client.get(f"{PACKS}{whole.uuid}/").status_code == 404
    assert client.post(PACKS, {"scan": str(of_all.uuid)}).status_code == 400
    assert client.post(PACKS, {"organisation": True}).status_code == 403
    listed = client.get(PACKS, {"workspace": "audit-prod"}).json()["results"]
    assert [each["uuid"] for each in listed] == [mine.json()["uuid"]]


def test_a_pack_of_a_framework_has_what_supports_its_controls(house: House, tmp_path: Path) -> None:
    done = supported(house)
    pack = pack_of(house, scan=done.uuid, framework="soc2")
    members = members_of(bytes_of(pack))
    manifest = json.loads(members["manifest.json"])
    results, report = (
        lines_of(members["results.ndjson"]),
        json.loads(members["reports/report.json"]),
    )

    assert manifest["basis"]["framework"] == "soc2"
    assert len(results) == 4 == report["coverage"]["population"]
    assert done.results.count() == 8
    assert {each["workspace"] for each in results} == {"audit-dev", "audit-prod"}
    assert len({each["policy"] for each in results}) == len(manifest["policies"]) == 1
    assert len(lines_of(members[IN_DEV])) == len(lines_of(members[IN_PROD])) == 4
    assert as_reported(house, members, Asked(scan=done.uuid, framework="soc2"))
    assert house.client(house.admin).get(PACKS, {"framework": "soc2"}).json()["results"][0][
        "uuid"
    ] == str(pack.uuid)
    assert pack_of(house, scan=done.uuid, framework="soc2").digest == pack.digest
    assert verified(bytes_of(pack), tmp_path) == verifier.OK


def test_the_passes_of_a_large_one_are_in_it_too(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audits.reports.coverage.MOST_LISTED", 1)
    pack = pack_of(house, scan=supported(house).uuid, framework="soc2")
    members = members_of(bytes_of(pack))

    assert json.loads(members["reports/report.json"])["passes"] == "counted"
    assert {each["state"] for each in lines_of(members["results.ndjson"])} == {"pass", "fail"}
    assert verified(bytes_of(pack), tmp_path) == verifier.OK


def test_a_version_and_a_framework_narrow_together(house: House, tmp_path: Path) -> None:
    policy = supporting("soc2/CC6.1", kinds=("promotion",))
    assign(policy, house.prod, "audit")
    assign(make_policy(kinds=("promotion",)), house.prod, "audit")
    lived_in(house)
    pack = pack_of(house, version="audit-prod/prompt/answer/1", framework="soc2")
    members = members_of(bytes_of(pack))

    (result,) = lines_of(members["results.ndjson"])
    assert result["subject"] == "audit-prod/prompt/answer@production"
    assert len(lines_of(members[IN_PROD])) > 1
    assert verified(bytes_of(pack), tmp_path) == verifier.OK


@pytest.mark.parametrize("left_out", ["pass", "fail"])
def test_a_result_that_is_left_out_is_missed(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], left_out: str
) -> None:
    """Who holds the key of packs leaves a result out, and writes the report to match."""
    content = bytes_of(pack_of(house, scan=supported(house).uuid, framework="soc2"))
    members = members_of(content)
    results = members["results.ndjson"].splitlines(keepends=True)
    gone = next(line for line in results if json.loads(line)["state"] == left_out)
    told = json.loads(gone)
    findings = [
        line
        for line in members["findings.ndjson"].splitlines(keepends=True)
        if json.loads(line).get("identity") != told["identity"]
    ]
    report = json.loads(members["reports/report.json"])
    (policy,), (control,) = report["policies"], report["controls"]
    place = next(each for each in policy["workspaces"] if each["workspace"] == told["workspace"])
    for coverage in (report["coverage"], policy["coverage"], control["coverage"], place):
        coverage["by_state"][left_out] -= 1
    report["coverage"]["population"] -= 1
    listed = [each["identity"] for each in policy["results"]]
    policy["results"].pop(listed.index(told["identity"]))

    changed = signed_again(
        content,
        {
            "results.ndjson": b"".join(line for line in results if line != gone),
            "findings.ndjson": b"".join(findings),
            "reports/report.json": json.dumps(report).encode(),
        },
    )

    assert verified(changed, tmp_path) == verifier.CLAIM
    assert f"results of the policy {told['policy_digest']} are missing" in capsys.readouterr().out


@pytest.mark.parametrize("name", [IN_DEV, IN_PROD])
def test_what_is_said_to_be_covered_is_what_the_journal_has(
    house: House, tmp_path: Path, name: str
) -> None:
    content = bytes_of(pack_of(house, scan=supported(house).uuid, framework="soc2"))
    fewer = b"".join(members_of(content)[name].splitlines(keepends=True)[1:])

    assert verified(signed_again(content, {name: fewer}), tmp_path) == verifier.CLAIM


def test_what_others_found_is_no_reason_to_refuse_a_small_pack(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_all = lived_in(house)
    mine = of_all.results.filter(workspace=house.prod).count()
    client = house.client(house.member("auditor", prod="auditor"))
    body = {"workspaces": ["audit-prod"], "as_of": timezone.now().isoformat()}
    assert mine < of_all.results.count()

    monkeypatch.setattr("audits.services.report_bases.MAX_RESULTS", mine)
    assert client.post(PACKS, body).status_code == 202
    monkeypatch.setattr("audits.services.report_bases.MAX_RESULTS", mine - 1)
    refused = client.post(PACKS, body)

    assert refused.status_code == 400
    assert f"has {mine} results" in refused.json()["errors"][0]["reason"]


def test_an_operator_makes_one_in_one_command(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    supported(house)
    file = tmp_path / "evidence.zip"
    assert house.admin.user is not None
    name = house.admin.user.username

    call_command("export_pack", str(file), "--as", name, "--organisation", "--framework", "soc2")

    digest = EvidencePack.objects.get().digest
    assert capsys.readouterr().out.startswith(f"{digest} {file}, ")
    manifest = json.loads(members_of(file.read_bytes())["manifest.json"])
    assert manifest["basis"]["framework"] == "soc2"
    assert len(manifest["basis"]["workspaces"]) == 2
    assert verified(file.read_bytes(), tmp_path) == verifier.OK


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--workspace", "audit-dev", "--as-of", "yesterday"], "must be a time like"),
        (["--workspace", "audit-dev", "--as-of", "2020-01-01T00:00:00"], "must have a time zone"),
        (["--workspace", "audit-dev", "--as-of", "2020-01-01T00:00:00Z"], "no complete scan"),
        (["--version-of", "audit-dev/prompt/none/1"], "there is no version"),
    ],
)
def test_an_operator_is_told_what_cannot_be(
    house: House, tmp_path: Path, options: list[str], told: str
) -> None:
    assert house.admin.user is not None
    file = tmp_path / "evidence.zip"

    with pytest.raises(CommandError, match=told):
        call_command("export_pack", str(file), "--as", house.admin.user.username, *options)

    assert not file.exists()
    assert not EvidencePack.objects.exists()


def test_a_framework_that_there_is_none_of_is_told(house: House) -> None:
    done = scan(house, "audit-dev")

    answer = house.client(house.admin).post(PACKS, {"scan": str(done.uuid), "framework": "no-such"})

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["framework"]
    assert not EvidencePack.objects.exists()
