from __future__ import annotations

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import JournalEntry
from registry.services.promotions import decide
from tests import factories
from tests.console.pages import Scene, browser, register_more

OBJECT_PAGES = ("version_page", "asset_page", "promotion_page", "workspace_page")
LISTS = tuple(
    f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    for model in admin.site._registry
)


def queries_of(client: Client, address: str) -> int:
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_a_member_sees_the_object_pages(scene: Scene) -> None:
    client = browser(scene.deployer)

    for page in OBJECT_PAGES:
        assert client.get(getattr(scene, page)).status_code == 200, page


def test_an_outsider_gets_the_answer_for_a_missing_object(scene: Scene) -> None:
    client = browser(scene.outsider)
    missing = client.get(reverse("admin:registry_asset_change", args=[999_999]))

    for page in OBJECT_PAGES:
        foreign = client.get(getattr(scene, page))
        assert (foreign.status_code, foreign.content) == (404, missing.content), page


def test_every_try_of_an_outsider_is_journalled(scene: Scene) -> None:
    client = browser(scene.outsider)

    for page in OBJECT_PAGES:
        client.get(getattr(scene, page))

    assert scene.outsider.user is not None
    denials = JournalEntry.objects.filter(
        action="core.access.denied", actor=scene.outsider.user.uuid
    )
    assert denials.count() == len(OBJECT_PAGES)


def test_nobody_sees_a_page_without_login(scene: Scene, client: Client) -> None:
    pages = [getattr(scene, page) for page in OBJECT_PAGES]

    for address in [*pages, reverse("admin:index"), reverse("admin:search")]:
        response = client.get(address)
        assert response.status_code == 302, address
        assert reverse("admin:login") in response.headers["Location"]


def test_an_outsider_finds_no_name_of_others_in_any_list(scene: Scene) -> None:
    client = browser(scene.outsider)

    for name in LISTS:
        response = client.get(reverse(name))
        shown = response.content.decode()
        assert response.status_code in {200, 403}, name
        for secret in (scene.version.asset.name, scene.source.slug, scene.target.slug):
            assert secret not in shown, name


def test_an_administrator_opens_every_list(scene: Scene) -> None:
    client = browser(factories.make_admin())

    for name in LISTS:
        assert client.get(reverse(name)).status_code == 200, name


def test_filters_cannot_ask_about_rows_of_others(scene: Scene) -> None:
    """A look-up over a relation must not tell what the list itself would not."""
    address = reverse("admin:registry_asset_changelist")

    response = browser(scene.outsider).get(address, {"workspace": scene.source.slug})

    assert scene.version.asset.name not in response.content.decode()


def test_home_shows_an_approver_what_waits(scene: Scene) -> None:
    shown = browser(scene.approver).get(reverse("admin:index")).content.decode()

    assert scene.promotion_page in shown


def test_nobody_else_has_a_decision_to_make(scene: Scene) -> None:
    for person in (scene.deployer, scene.outsider, scene.author):
        response = browser(person).get(reverse("admin:console_inbox"))
        assert list(response.context["awaiting"]) == []


def test_the_requester_sees_the_own_request_as_open(scene: Scene) -> None:
    response = browser(scene.deployer).get(reverse("admin:console_inbox"))

    assert [each.pk for each in response.context["mine"]] == [scene.promotion.pk]


def test_home_tells_recent_changes_to_those_who_may_read_the_trail(scene: Scene) -> None:
    for_auditor = browser(scene.auditor).get(reverse("admin:index"))
    for_author = browser(scene.author).get(reverse("admin:index"))

    assert any(change.verb == "asked to promote" for change in for_auditor.context["changes"])
    assert for_author.context["changes"] == []


def test_a_link_into_a_foreign_workspace_has_no_name(scene: Scene) -> None:
    elsewhere = factories.make_workspace()
    factories.grant(scene.author, elsewhere, "reader")
    hidden = factories.make_dataset(elsewhere)
    version = factories.make_model(scene.source, actor=scene.author, trained_on=[hidden])
    page = reverse("admin:registry_assetversion_change", args=[version.pk])

    shown = browser(scene.deployer).get(page).content.decode()

    assert "a version in a workspace that you may not see" in shown
    assert hidden.asset.name not in shown
    assert elsewhere.slug not in shown


def test_a_promoted_version_tells_its_provenance_without_rights_on_the_source(
    scene: Scene,
) -> None:
    decided = decide.decide(
        actor=scene.approver,
        promotion=scene.promotion.uuid,
        decision="approved",
        binding=scene.promotion.binding,
    )
    assert decided.target_version is not None
    page = reverse("admin:registry_assetversion_change", args=[decided.target_version.pk])

    shown = browser(scene.auditor).get(page).content.decode()

    assert "Frozen provenance" in shown
    assert factories.reference(scene.version) in shown
    assert scene.version_page not in shown


def test_a_promotion_page_shows_every_reason(scene: Scene) -> None:
    shown = browser(scene.approver).get(scene.promotion_page).content.decode()

    assert "asks for 1 approval(s)" in shown
    assert "It is wanted by the support team." in shown


def test_names_are_escaped(scene: Scene) -> None:
    version = factories.make_prompt(
        scene.source,
        actor=scene.author,
        spec={"type": "text", "template": "<script>alert(1)</script>"},
    )
    page = reverse("admin:registry_assetversion_change", args=[version.pk])

    shown = browser(scene.author).get(page).content.decode()

    assert "<script>alert(1)</script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_pages_take_as_many_queries_with_many_rows_as_with_few(scene: Scene) -> None:
    client = browser(scene.deployer)
    pages = {page: getattr(scene, page) for page in OBJECT_PAGES}
    pages |= {name: reverse(name) for name in ("admin:index", *LISTS)}
    open_to_members = {
        name: address for name, address in pages.items() if client.get(address).status_code == 200
    }
    register_more(scene, 2)
    few = {name: queries_of(client, address) for name, address in open_to_members.items()}

    register_more(scene, 6)

    many = {name: queries_of(client, address) for name, address in open_to_members.items()}
    assert many == few
    assert max(few.values()) <= 52
