from __future__ import annotations

from django.urls import reverse

from registry.models import Card, Tombstone, VersionTag
from registry.queries.life import state_of
from tests import factories
from tests.console.pages import Scene, browser


def act(scene: Scene, verb: str) -> str:
    return reverse(f"admin:console_version_{verb}", args=[scene.version.uuid])


def test_a_version_is_deprecated_on_a_form_and_says_so(scene: Scene) -> None:
    steward = factories.member(scene.source, "admin")

    response = browser(steward).post(
        act(scene, "state"),
        {"state": "deprecated", "reason": "A better one is there.", "replacement": ""},
        follow=True,
    )

    assert state_of(scene.version) == "deprecated"
    assert "A better one is there." in response.content.decode()


def test_a_state_without_a_reason_is_refused_on_the_form(scene: Scene) -> None:
    steward = factories.member(scene.source, "admin")

    response = browser(steward).post(act(scene, "state"), {"state": "withdrawn", "reason": ""})

    assert response.status_code == 200
    assert state_of(scene.version) == "active"


def test_a_deleted_version_shows_its_tombstone_and_not_its_content(scene: Scene) -> None:
    steward = factories.member(scene.source, "admin")
    gone = factories.make_prompt(
        scene.source, actor=scene.author, spec={"type": "text", "template": "Very secret words"}
    )
    form = reverse("admin:console_version_delete", args=[gone.uuid])

    shown = browser(steward).post(form, {"reason": "Held a secret."}, follow=True)

    page = shown.content.decode()
    assert Tombstone.objects.get().version == gone
    assert "Held a secret." in page
    assert "Very secret words" not in page


def test_tags_are_set_and_removed_and_escaped(scene: Scene) -> None:
    client = browser(scene.author)
    client.post(act(scene, "tag"), {"key": "team", "value": "<b>support</b>"})
    page = client.get(scene.version_page).content.decode()

    client.post(act(scene, "untag"), {"key": "team"})

    assert "<b>support</b>" not in page
    assert "&lt;b&gt;support&lt;/b&gt;" in page
    assert not VersionTag.objects.exists()


def test_a_card_goes_from_draft_to_accepted_by_two_people(scene: Scene) -> None:
    reviewer = factories.member(scene.source, "admin")
    author = browser(scene.author)
    author.post(
        act(scene, "card"),
        {"intended_use": "Answering tickets.", "limitations": "English only.", "state": ""},
    )
    author.post(act(scene, "submit"), {"comment": ""})

    browser(reviewer).post(
        act(scene, "review"), {"decision": "accepted", "comment": "Clear.", "revision": "1"}
    )

    shown = author.get(scene.version_page).content.decode()
    assert Card.objects.get().status == "accepted"
    assert "Answering tickets." in shown


def test_a_card_that_changed_since_the_form_was_opened_is_not_overwritten(scene: Scene) -> None:
    client = browser(scene.author)
    before = client.get(act(scene, "card")).context["form"].initial["state"]
    client.post(act(scene, "card"), {"intended_use": "One.", "state": before})

    stale = client.post(act(scene, "card"), {"intended_use": "Two.", "state": before})

    assert "It changed since you looked" in stale.content.decode()
    assert Card.objects.get().last_number == 1


def test_a_description_is_written_on_a_form(scene: Scene) -> None:
    response = browser(scene.author).post(
        act(scene, "describe"), {"description": "For the second line."}, follow=True
    )

    assert "For the second line." in response.content.decode()


def test_an_outsider_reaches_no_form_of_a_version(scene: Scene) -> None:
    client = browser(scene.outsider)

    for verb in ("state", "delete", "describe", "tag", "untag", "card", "submit", "review"):
        assert client.get(act(scene, verb)).status_code == 404, verb
        assert client.post(act(scene, verb), {"reason": "x"}).status_code == 404, verb
