"""The pages of evidence packs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from audits.models import EvidencePack
from audits.services.packs.request import request
from audits.services.report_bases import Asked
from registry.models import Workspace
from tests.audits.packs.making import work
from tests.console.pages import browser
from tests.factories import administrator, grant, make_actor, make_workspace

if TYPE_CHECKING:
    from pathlib import Path

LIST, ASK = "admin:console_packs", "admin:console_pack_ask"


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Path) -> Workspace:
    settings.LOG_KEY_FILE = tmp_path / "log.key"
    settings.PACK_KEY_FILE = tmp_path / "packs.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "anchors" / "checkpoints.ndjson"
    settings.BLOBS_URL = (tmp_path / "blobs").as_uri()
    return make_workspace("packed")


def test_a_pack_is_asked_for_made_and_shown(place: Workspace) -> None:
    auditor = make_actor("auditor")
    grant(auditor, place, "auditor")
    pages = browser(auditor)
    assert "No pack was made yet" in pages.get(reverse(LIST)).content.decode()
    done = pages.post(reverse(ASK), {"subject": "workspaces", "workspaces": ["packed"]})
    pack = EvidencePack.objects.get()
    address = reverse("admin:console_pack", args=[pack.uuid])
    assert done.headers["Location"] == address
    waiting = pages.get(address).content.decode()
    assert "The scan comes first" in waiting
    assert "mu-progress" in waiting
    work()

    shown = pages.get(address).content.decode()
    pack.refresh_from_db()
    assert str(pack.digest) in shown
    assert "python3 muniment_verify.py" in shown
    assert f"/api/audits/packs/{pack.uuid}/download/" in shown
    assert "http-equiv" not in shown
    assert address in pages.get(reverse(LIST)).content.decode()
    answer = pages.get(f"/api/audits/packs/{pack.uuid}/download/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


def test_an_impossible_pack_is_explained_at_its_field(place: Workspace) -> None:
    pages = browser(administrator())
    for given, told in (
        ({"subject": "version"}, "give exactly one of scan, workspaces, organisation and version"),
        (
            {"subject": "workspaces", "workspaces": ["packed"], "as_of": "2020-01-01T00:00"},
            "no complete scan of these workspaces by then",
        ),
        ({"subject": "version", "version": "packed/prompt/none/1"}, "packed/prompt/none/1"),
    ):
        assert told in pages.post(reverse(ASK), given).content.decode()
    assert not EvidencePack.objects.exists()


def test_others_see_nothing_of_it(place: Workspace) -> None:
    reader = make_actor("reader")
    grant(reader, place, "reader")
    pack = request(actor=administrator(), asked=Asked(workspaces=["packed"]))
    pages = browser(reader)

    assert str(pack.uuid) not in pages.get(reverse(LIST)).content.decode()
    assert pages.get(reverse("admin:console_pack", args=[pack.uuid])).status_code == 404
    assert pages.get(reverse(ASK)).status_code == 403
