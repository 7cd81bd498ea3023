from __future__ import annotations

from django.urls import reverse

from registry.models import Grant
from registry.services import members
from tests import factories
from tests.console.pages import Scene, browser

SEARCH = reverse("admin:search")


def found(scene: Scene, text: str, *, role: str = "author") -> str:
    response = browser(getattr(scene, role)).get(SEARCH, {"s": text})
    assert response.status_code == 200
    content: str = response.content.decode()
    return content


def test_a_member_finds_an_asset_by_part_of_its_name(scene: Scene) -> None:
    assert scene.asset_page in found(scene, scene.version.asset.name[:5])


def test_a_member_finds_a_version_by_reference_and_by_digest(scene: Scene) -> None:
    assert scene.version_page in found(scene, factories.reference(scene.version))
    assert scene.version_page in found(scene, scene.version.digest)


def test_an_outsider_finds_nothing(scene: Scene) -> None:
    by_name = scene.version.asset.name
    by_reference = factories.reference(scene.version)

    for text in (by_name, by_reference, scene.version.digest):
        shown = found(scene, text, role="outsider")
        assert "Nothing that you may see matches" in shown
        assert scene.version_page not in shown


def test_nothing_is_found_any_more_once_the_grant_has_ended(scene: Scene) -> None:
    assert scene.asset_page in found(scene, scene.version.asset.name)
    grant = Grant.objects.get(user=scene.author.user, valid_to=None)

    members.revoke(actor=factories.administrator(), grant_uuid=grant.uuid)

    assert scene.asset_page not in found(scene, scene.version.asset.name)


def test_search_is_bounded(scene: Scene) -> None:
    for _ in range(25):
        factories.make_prompt(scene.source, actor=scene.author)

    assert found(scene, "prompt").count('href="/admin/registry/asset/') <= 40


def test_odd_texts_break_nothing(scene: Scene) -> None:
    for text in ("", "   ", "/", "a/b/c/d/e", "%", "x" * 5_000, "@", "\u202e"):
        assert "Search" in found(scene, text)
