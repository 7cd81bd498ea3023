from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from console.site import ConsoleSite
from core.backoffice import OrganisationAdmin, ReadOnlyAdmin
from core.models import User
from registry.admin.mixin import MembersAdmin, WorkspaceScopedAdmin
from tests import factories
from tests.console.pages import Scene, browser

pytestmark = pytest.mark.django_db

SCOPES = (WorkspaceScopedAdmin, OrganisationAdmin, MembersAdmin)
# Shared by the whole organisation, and read by every member.
SHARED = {"policies.Policy", "policies.PolicySet"}
PASSWORD = "a long enough word"


def test_our_site_is_the_site() -> None:
    assert isinstance(admin.site, ConsoleSite)


def test_every_list_says_who_may_see_its_rows() -> None:
    for model, model_admin in admin.site._registry.items():
        scopes = [scope for scope in SCOPES if isinstance(model_admin, scope)]
        assert len(scopes) == 1, f"{model._meta.label} has {scopes}"
        assert (scopes[0] is MembersAdmin) == (model._meta.label in SHARED), model._meta.label


def test_every_row_of_a_workspace_can_tell_which() -> None:
    for model, model_admin in admin.site._registry.items():
        if not isinstance(model_admin, WorkspaceScopedAdmin):
            continue
        path = model_admin.workspace_path
        if model._meta.app_label in {"core", "audits"}:  # scoped by their own query
            continue
        for name in filter(None, path.split("__")):
            model = model._meta.get_field(name).related_model  # type: ignore[assignment]  # noqa: PLW2901 - follows the path
        assert model is apps.get_model("registry.Workspace")


def test_what_a_third_party_app_brings_along_is_left_out() -> None:
    registered = {model._meta.label for model in admin.site._registry}

    assert "django_celery_beat.CrontabSchedule" not in registered
    assert all(isinstance(each, ReadOnlyAdmin) for each in admin.site._registry.values())


@pytest.mark.parametrize("verb", ["add", "delete", "history"])
def test_no_list_has_a_generic_form_that_writes(verb: str) -> None:
    names = {url.name for each in admin.site._registry.values() for url in each.urls}

    assert names
    assert not any(name and name.endswith(f"_{verb}") for name in names)


def test_a_person_logs_in_without_being_staff(client: Client) -> None:
    user = factories.make_user()
    user.set_password(PASSWORD)
    user.save()

    response = client.post(
        reverse("admin:login"), {"username": user.username, "password": PASSWORD}
    )

    assert response.status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize(
    "unfit", [{"kind": User.Kind.SERVICE}, {"is_active": False}], ids=["program", "disabled"]
)
def test_a_program_and_a_disabled_account_do_not_log_in(
    client: Client, unfit: dict[str, object]
) -> None:
    user = factories.make_user()
    user.set_password(PASSWORD)
    for name, value in unfit.items():
        setattr(user, name, value)
    user.save()

    response = client.post(
        reverse("admin:login"), {"username": user.username, "password": PASSWORD}
    )

    assert response.status_code == 200
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_root_leads_to_the_console(client: Client) -> None:
    response = client.get("/")

    assert response.headers["Location"] == reverse("admin:index")


def test_pages_allow_nothing_from_elsewhere(scene: Scene) -> None:
    response = browser(scene.author).get(scene.asset_page)

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


def test_what_is_no_page_may_load_nothing_at_all(client: Client) -> None:
    response = client.get("/api/registry/assets/")

    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
