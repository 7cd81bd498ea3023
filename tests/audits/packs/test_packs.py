"""Evidence packs: how they come about, what is in them, and who may have them."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.utils import timezone

from audits.models import EvidencePack
from audits.services.packs.request import request
from audits.services.report_bases import Asked
from audits.services.transparency import keys
from core.models import JournalEntry, Task
from registry.models import Blob
from registry.queries.blobs import store
from registry.queries.versions import reference_of
from registry.services import tokens
from tests.audits.conftest import finish_tasks
from tests.audits.estate import lived_in, promote, scan
from tests.audits.packs.making import (
    bytes_of,
    let_wait_end,
    lines_of,
    members_of,
    pack_of,
    work,
)
from tests.audits.transparency.growing import grow, journal
from tests.factories import make_prompt, reference
from tests.policies.estate import CLOSED, assign, make_policy, submit

if TYPE_CHECKING:
    from tests.audits.conftest import House

PACKS = "/api/audits/packs/"


def streamed(answer: Any) -> bytes:
    """The bytes of a download."""
    return b"".join(answer.streaming_content)


def test_one_basis_gives_one_pack_however_the_log_has_grown(house: House) -> None:
    basis = lived_in(house)
    first = pack_of(house, scan=basis.uuid)
    journal(300)
    grow()
    second = pack_of(house, scan=basis.uuid)

    assert (first.digest, first.checkpoint) == (second.digest, second.checkpoint)
    assert first.blob_id == second.blob_id
    assert len([item for item in store().items() if not item.is_partial]) == 1
    assert first.digest == f"sha256:{hashlib.sha256(bytes_of(first)).hexdigest()}"
    told = JournalEntry.objects.filter(action="audits.pack.completed")
    assert list(told.values_list("subject_digest", flat=True)) == [first.digest, second.digest]


def test_a_pack_has_all_that_its_results_rest_on(house: House) -> None:
    basis = lived_in(house)
    members = members_of(bytes_of(pack_of(house, scan=basis.uuid)))
    manifest = json.loads(members["manifest.json"])
    results, findings = (lines_of(members[f"{name}.ndjson"]) for name in ("results", "findings"))
    actions = [each["action"] for each in lines_of(members["journal/entries.ndjson"])]

    assert len(results) == manifest["counts"]["results"] == basis.results.count()
    assert {each["state"] for each in findings} == {"open", "exempt"}
    for each in results:
        assert f"decisions/inputs/{each['input_digest'][7:]}.json" in members
        assert f"policies/{each['policy_digest'][7:]}.tar.gz" in members
    for action in (
        "audits.scan.completed",
        "audits.finding.opened",
        "policies.exemption.granted",
        "registry.promotion.completed",
        "registry.promotion.decided",
        "registry.alias.moved",
    ):
        assert action in actions
    assert "dossiers/audit-prod/prompt/answer/1/prompt.dossier.json" in members
    assert {"reports/report.json", "reports/report.html"} <= set(members)
    assert list(members)[-2:] == ["manifest.json", "manifest.sig"]


def test_nothing_of_elsewhere_and_no_secret_is_inside(house: House, settings: Any) -> None:
    assign(make_policy(), house.dev, "audit")
    assign(make_policy(), house.prod, "audit")
    submit(house.dev, {"properties": {"public": True}, "note": "kestrel"}, external_id="heron")
    submit(house.prod, CLOSED, external_id="closed")
    make_prompt(house.dev, name="ostrich")
    assert house.admin.user is not None
    token = tokens.issue(actor=house.admin, user=house.admin.user).text
    pack = pack_of(house, scan=scan(house, "audit-prod").uuid)
    whole = b"\n".join(members_of(bytes_of(pack)).values())

    assert b"audit-prod" in whole
    for foreign in (b"audit-dev", b"kestrel", b"heron", b"ostrich"):
        assert foreign not in whole
    held = [settings.SECRET_KEY, settings.JOURNAL_KEY, settings.RECEIPT_KEY, settings.SEALING_KEY]
    held += [settings.LOG_KEY_FILE.read_text(), settings.PACK_KEY_FILE.read_text()]
    for secret in [*held, token]:
        assert secret.encode() not in whole
    assert str(settings.LOG_ANCHOR_FILE.parent).encode() not in whole


def test_a_version_has_a_pack_of_its_own(house: House) -> None:
    promote(house)
    version = house.prod.assets.get(name="answer").versions.get()
    as_of = timezone.now()
    first = pack_of(house, version=str(reference_of(version)), as_of=as_of)
    members = members_of(bytes_of(first))
    second = pack_of(house, version=str(reference_of(version)), as_of=as_of)

    assert first.digest == second.digest
    assert json.loads(members["manifest.json"])["basis"]["version"]["digest"] == version.digest
    assert f"provenance/{version.provenance.digest[7:]}.json" in members
    assert "dossiers/audit-prod/prompt/answer/1/prompt.dossier.json" in members
    assert "results.ndjson" not in members


def test_a_pack_waits_for_its_scan_and_for_the_log(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    client = house.client(house.member("auditor", dev="auditor"))

    asked = client.post(PACKS, {"workspaces": ["audit-dev"]})
    assert asked.status_code == 202
    path = f"{PACKS}{asked.json()['uuid']}/"
    assert asked.json()["status"] == "waiting"
    finish_tasks()
    waiting = client.get(path).json()
    assert waiting["status"] == "queued"
    assert "transparency log" in waiting["progress"]["message"]
    assert client.get(f"{path}download/").status_code == 409
    grow()
    let_wait_end()
    finish_tasks()

    done = client.get(path).json()
    assert (done["status"], done["contents"]["results"]) == ("completed", 1)
    assert Task.objects.get(evidence_pack__uuid=done["uuid"]).attempts == 1
    assert client.get(PACKS, {"workspace": "audit-dev"}).json()["results"] == [done]


def test_a_download_can_go_on_where_it_stopped(house: House) -> None:
    pack = pack_of(house, scan=scan(house, "audit-dev").uuid)
    client, path = house.client(house.admin), f"{PACKS}{pack.uuid}/download/"
    whole = client.get(path)
    content = streamed(whole)
    part = client.get(path, headers={"Range": "bytes=100-", "If-Range": whole.headers["ETag"]})

    assert (whole.status_code, whole.headers["Content-Type"]) == (200, "application/zip")
    assert whole.headers["ETag"] == f'"{pack.digest}"'
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert whole.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert part.status_code == 206
    assert streamed(part) == content[100:]
    assert client.get(path, headers={"Range": f"bytes={pack.size}-"}).status_code == 416


def test_packs_are_for_those_who_may_scan_all_of_their_workspaces(house: House) -> None:
    wide = pack_of(house, scan=scan(house, "audit-dev", "audit-prod").uuid)
    about = pack_of(house, version=reference(make_prompt(house.prod, name="answer")))
    half = house.client(house.member("half", dev="auditor"))
    whole = house.client(house.member("whole", dev="auditor", prod="auditor"))

    for pack in (wide, about):
        assert whole.get(f"{PACKS}{pack.uuid}/").status_code == 200
        for address in (f"{PACKS}{pack.uuid}/", f"{PACKS}{pack.uuid}/download/"):
            assert half.get(address).status_code == 404
    assert half.get(PACKS).json()["results"] == []
    assert [each["uuid"] for each in whole.get(PACKS).json()["results"]] == [
        str(about.uuid),
        str(wide.uuid),
    ]
    foreign = half.post(PACKS, {"scan": str(wide.scan.uuid)})  # type: ignore[union-attr]
    assert foreign.json()["errors"][0]["field"] == "scan"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"scan": str(uuid4())},
        {"scan": str(uuid4()), "workspaces": ["audit-dev"]},
        {"workspaces": []},
        {"workspaces": ["audit-dev"], "as_of": "2020-01-01T00:00:00Z"},
        {"version": "audit-dev/prompt/none/1"},
        {"workspaces": ["audit-dev"], "as_of": "2999-01-01T00:00:00Z"},
    ],
)
def test_a_wrong_request_leaves_nothing(house: House, body: dict[str, Any]) -> None:
    answer = house.client(house.admin).post(PACKS, body)

    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert not EvidencePack.objects.exists()


def test_a_past_time_leads_to_the_scan_of_then(house: House) -> None:
    older = scan(house, "audit-dev")
    between = timezone.now()
    scan(house, "audit-dev")

    asked = request(actor=house.admin, asked=Asked(workspaces=["audit-dev"], as_of=between))

    assert asked.scan == older


def test_a_pack_that_is_too_large_says_so_and_leaves_nothing(house: House, settings: Any) -> None:
    settings.MAX_PACK_BYTES = 1_000
    asked = request(actor=house.admin, asked=Asked(scan=scan(house, "audit-dev").uuid))
    work()

    answer = house.client(house.admin).get(f"{PACKS}{asked.uuid}/").json()
    assert answer["status"] == "failed"
    assert "MUNIMENT_MAX_PACK_BYTES" in answer["error"]
    assert list(store().items()) == []
    assert not Blob.objects.exists()


def test_another_key_of_packs_is_refused(house: House, settings: Any) -> None:
    basis = scan(house, "audit-dev")
    pack_of(house, scan=basis.uuid)
    settings.PACK_KEY_FILE = settings.PACK_KEY_FILE.with_name("another.key")
    asked = request(actor=house.admin, asked=Asked(scan=basis.uuid))
    work()

    asked.refresh_from_db()
    assert asked.status == "failed"
    assert "Put that key back" in asked.task.error  # type: ignore[union-attr]


def test_a_worker_killed_before_the_end_leaves_one_pack(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request(actor=house.admin, asked=Asked(scan=scan(house, "audit-dev").uuid))

    def dies(*event: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    grow()
    monkeypatch.setattr("audits.services.packs.build.publish", dies)
    keys.log_signer()
    with pytest.raises(KeyboardInterrupt):
        work()
    monkeypatch.undo()
    assert list(store().items()) == []
    Task.objects.filter(evidence_pack=asked).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )
    work()

    asked.refresh_from_db()
    assert asked.status == "completed"
    assert len(list(store().items())) == 1
