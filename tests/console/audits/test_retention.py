"""The page of retention, holds and erasure, and its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audits.models import Erasure, Hold, RetentionRule, RetentionRun
from core.models import User
from tests.audits.conftest import finish_tasks
from tests.console.audits.test_trail import read
from tests.console.pages import Scene, browser
from tests.factories import administrator, make_actor

if TYPE_CHECKING:
    from core.actors import Actor

pytestmark = pytest.mark.django_db
PAGE = "/admin/audits/retention/"


def send(actor: Actor, address: str, *, status: int = 302, **form: str) -> str:
    answer = browser(actor).post(address, form)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_an_administrator_sets_a_rule_counts_and_applies_it(scene: Scene) -> None:
    admin = administrator()
    send(admin, f"{PAGE}rules/tasks/", days="30", reason="Our schedule, part 3.")
    assert RetentionRule.objects.get(valid_to=None).days == 30
    assert "must be 7 to" in send(admin, f"{PAGE}rules/tasks/", days="3", reason="x", status=200)
    send(admin, f"{PAGE}count/")
    send(admin, f"{PAGE}apply/")
    finish_tasks()

    text = read(admin, PAGE)

    assert "30 days" in text
    assert "would go" in text
    assert "went" in text
    assert RetentionRun.objects.filter(completed_at__isnull=False).count() == 2
    send(admin, f"{PAGE}rules/tasks/", days="", reason="We keep them.")
    assert not RetentionRule.objects.filter(valid_to=None).exists()


def test_an_auditor_holds_and_somebody_else_releases(scene: Scene) -> None:
    send(
        scene.auditor,
        "/admin/audits/holds/place/",
        scope="workspace",
        target=scene.target.slug,
        reason="Case 4711",
    )
    hold = Hold.objects.get()
    address = f"/admin/audits/holds/{hold.uuid}/release/"

    assert "Case 4711" in read(scene.auditor, PAGE)
    assert address not in read(scene.auditor, PAGE)
    assert "Case 4711" not in read(scene.outsider, PAGE)
    assert address in read(administrator(), PAGE)
    send(administrator(), address, reason="The case is closed.")
    assert "The case is closed." in read(scene.auditor, PAGE)


def test_a_person_is_erased_from_a_form(scene: Scene) -> None:
    person = make_actor("ada.lovelace")

    send(administrator(), "/admin/audits/erase/", account="ada.lovelace", reason="Article 17.")

    assert Erasure.objects.get().account == person.user
    assert not User.objects.filter(username="ada.lovelace").exists()
    assert "Article 17." in read(administrator(), PAGE)
    assert "Article 17." not in read(scene.auditor, PAGE)


@pytest.mark.parametrize(
    "address", [f"{PAGE}rules/tasks/", f"{PAGE}apply/", "/admin/audits/erase/"]
)
def test_forms_that_let_go_are_an_administrators(scene: Scene, address: str) -> None:
    read(scene.auditor, address, status=403)
