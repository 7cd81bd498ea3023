"""The pages of the trail, of one entry, of what was permitted, and of the transparency log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from audits.models import LogCheckpoint
from audits.services.transparency.integration import integrate
from core.models import JournalEntry, PersonalDatum
from core.sequencer import sequence_pending
from registry.services.promotions.decide import decide
from tests.audits.trail.test_words import index
from tests.console.pages import Scene, browser, register_more
from tests.factories import administrator, reference

if TYPE_CHECKING:
    from pathlib import Path

    from core.actors import Actor

pytestmark = pytest.mark.django_db
TRAIL = "/admin/audits/trail/"
LOG = "/admin/audits/log/"
PERMITTED = "/admin/audits/permitted/"


@pytest.fixture(autouse=True)
def anchored(settings: Any, tmp_path: Path) -> None:
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "anchors" / "checkpoints.ndjson"


def read(actor: Actor, address: str, *, status: int = 200, **query: str) -> str:
    answer = browser(actor).get(address, query)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def sign() -> None:
    sequence_pending()
    while integrate(at_once=True):
        pass


def entry_page(action: str) -> str:
    entry = JournalEntry.objects.filter(action=action).latest("pk")
    return reverse("admin:console_trail_entry", args=[entry.uuid])


def test_the_trail_shows_what_one_may_read_and_no_more(scene: Scene) -> None:
    for_auditor = read(scene.auditor, TRAIL)

    assert "asked to promote <code" in for_auditor
    assert scene.target.slug in for_auditor
    assert f"<option>{scene.source.slug}" not in for_auditor
    assert "registered <code" not in for_auditor
    assert "asked to promote <code" not in read(scene.outsider, TRAIL)
    assert "needs the role auditor" in read(scene.outsider, TRAIL)


def test_filters_stand_in_the_address_and_go_into_the_export(scene: Scene) -> None:
    index()
    asked = {"q": "support team", "role": "deployer", "outcome": "success"}

    text = read(scene.auditor, TRAIL, status=200, **asked)

    assert "It is wanted by the support team." in text
    assert "/api/audits/trail/export/?format=csv&amp;q=support+team&amp;outcome=success" in text
    assert "?q=support+team&amp;role=deployer" in text.replace("outcome=success&amp;", "")
    assert "No entry that you may read fits." in read(scene.auditor, TRAIL, q="nowhere")


def test_a_filter_that_cannot_be_is_told(scene: Scene) -> None:
    text = read(scene.auditor, TRAIL, since="yesterday", status=400)

    assert "Nothing was read." in text
    assert "<strong>since</strong>" in text
    foreign = read(scene.auditor, TRAIL, workspace=scene.source.slug, status=400)
    missing = read(scene.auditor, TRAIL, workspace="no-such-place", status=400)
    assert "<strong>workspace</strong>" in foreign
    assert "<strong>workspace</strong>" in missing


def test_older_entries_are_a_page_away(scene: Scene) -> None:
    register_more(scene, 30)
    admin = administrator()
    text = read(admin, TRAIL)

    address = text.split('">Older</a>')[0].rpartition('href="')[2].replace("&amp;", "&")
    older = read(admin, TRAIL + address)

    assert text.count("<tr>") == 51  # a head and fifty entries
    assert ">Newest</a>" in older
    assert not set(_entries(text)) & set(_entries(older))


def _entries(text: str) -> list[str]:
    return [part.partition('"')[0] for part in text.split(f'href="{TRAIL}')[1:] if part[8] == "-"]


def test_an_entry_shows_its_bytes_its_proof_and_how_to_verify_it(scene: Scene) -> None:
    sign()
    text = read(scene.auditor, entry_page("registry.promotion.requested"))

    assert "in the signed log" in text
    assert text.count('<g class="mu-given">') == text.count("mu-given") // 2 > 0
    assert "Roles then" in text
    assert ">deployer" in text
    assert "It is wanted by the support team." in text
    assert "sha256sum" in text
    assert "muniment_verify.py log --key" in text
    assert reverse("admin:registry_promotion_change", args=[scene.promotion.pk]) in text
    receipt = text.split("Receipt</h2></header>")[1].split("</pre>")[0].rpartition(">")[2]
    assert receipt.count(".") == 2


def test_an_entry_that_is_not_signed_yet_says_so(scene: Scene) -> None:
    text = read(scene.auditor, entry_page("registry.promotion.requested"))

    assert "not in the log yet" in text
    assert "ask again in some seconds" in text


def test_an_entry_of_elsewhere_is_not_found(scene: Scene) -> None:
    read(scene.auditor, entry_page("registry.version.registered"), status=404)


def test_an_erased_person_is_called_so(scene: Scene) -> None:
    assert scene.deployer.user is not None
    PersonalDatum.objects.filter(user=scene.deployer.user).delete()

    assert "erased person" in read(scene.auditor, TRAIL)
    assert "erased person" in read(scene.auditor, entry_page("registry.promotion.requested"))


def test_what_was_permitted_is_answered_with_everything_behind_it(scene: Scene) -> None:
    decide(
        actor=scene.approver,
        promotion=scene.promotion.uuid,
        decision="approved",
        comment="Well tested.",
        binding=scene.promotion.binding,
    )
    scene.promotion.refresh_from_db()
    promoted = scene.promotion.target_version
    assert promoted is not None

    text = read(scene.auditor, PERMITTED, ref=reference(promoted))
    before = read(scene.auditor, PERMITTED, ref=reference(promoted), at="2020-01-01T00:00")

    assert "Yes, it was permitted in production." in text
    for told in ("Well tested.", "@production", "Gate:", TRAIL, "support team"):
        assert told in text
    assert "No, it was not in production." in before
    assert "is none that you may see" in read(
        scene.outsider, PERMITTED, ref=reference(promoted), status=400
    )
    assert "must be a date and time" in read(
        scene.auditor, PERMITTED, ref=reference(promoted), at="then", status=400
    )


def test_the_log_compares_two_checkpoints(scene: Scene) -> None:
    sign()
    size = LogCheckpoint.objects.latest("size").size
    register_more(scene, 1)
    sign()

    text = read(scene.outsider, LOG, first=str(size))

    assert "is the beginning of that of" in text
    assert ">consistent</span>" in text
    assert "No checkpoint of that size" in read(scene.outsider, LOG, first=str(size - 1))
    assert "whole numbers" in read(scene.outsider, LOG, first="x", second="y")
    assert "No checkpoint of 9 entries" in read(scene.outsider, LOG, size="9")
    assert "up to date" in text
    assert "localhost/journal+" in text


def test_pages_of_things_lead_to_their_trail(scene: Scene) -> None:
    for page in (scene.promotion_page, scene.workspace_page):
        assert "Its trail</a>" in read(scene.auditor, page)
        assert "Its trail</a>" not in read(scene.deployer, page)
