"""Registering OPAs, choosing what they pull, ending them."""

from __future__ import annotations

import pytest

from core.errors import Conflict
from core.models import User
from policies.models import OpaSource
from policies.services.fleet import opas
from registry.models import Workspace
from tests.factories import administrator, make_workspace, member, token_client
from tests.policies.estate import make_policy
from tests.policies.fleet.estate import client_of, register

pytestmark = pytest.mark.django_db
PATH = "/api/policies/opas/"


@pytest.fixture
def place() -> Workspace:
    return make_workspace("fleet-prod", stage="production")


def test_an_opa_is_a_service_account_with_a_token_for_its_door_alone(place: Workspace) -> None:
    body = {"name": "edge", "workspace": place.slug, "labels": {"region": "eu"}}

    answer = token_client(administrator()).post(PATH, body, format="json")

    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    account = User.objects.get(username="opa-edge")
    assert (account.kind, account.has_usable_password()) == (User.Kind.SERVICE, False)
    token = account.tokens.get()
    assert token.scopes == ["opa"]
    assert answer.json()["token"].startswith(f"mun_{token.prefix}_")
    listed = token_client(administrator()).get(PATH)
    assert "token" not in listed.json()["results"][0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "Edge"}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "x" * 64}, "name"),
        ({"labels": {"id": "mine"}}, "labels"),
        ({"labels": {"region": "a\nb"}}, "labels.region"),
        ({"sources": ["edge/1"]}, "sources[0]"),
        ({"sources": ["policy/none"]}, "sources[0]"),
        ({"sources": ["set/none/3"]}, "sources[0]"),
        ({"workspace": "nowhere"}, "workspace"),
    ],
)
def test_what_cannot_be_registered_is_refused_with_its_place(
    place: Workspace, change: dict[str, object], field: str
) -> None:
    body = {"name": "edge", "workspace": place.slug, **change}

    answer = token_client(administrator()).post(PATH, body, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert not User.objects.filter(username__startswith="opa-").exists()


def test_a_name_is_taken_for_ever(place: Workspace) -> None:
    issued = register(place, name="edge")
    opas.retire(actor=administrator(), opa=issued.opa.uuid)

    with pytest.raises(Conflict):
        register(place, name="edge")


def test_sources_end_and_stay_known(place: Workspace) -> None:
    first, second = make_policy(), make_policy()
    issued = register(place, f"policy/{first.reference}")

    changed = opas.pull(
        actor=administrator(), opa=issued.opa.uuid, sources=[f"policy/{second.reference}"]
    )

    assert [each.reference for each in changed.pulled] == [f"policy/{second.reference}"]  # type: ignore[attr-defined]
    assert OpaSource.objects.filter(valid_to__isnull=False).count() == 1


def test_who_assigns_policies_may_choose_and_only_administrators_register(
    place: Workspace,
) -> None:
    issued = register(place)
    policy = make_policy()
    admin, reader = member(place, "admin"), member(place, "reader")
    path, body = f"{PATH}{issued.opa.uuid}/", {"sources": [f"policy/{policy.reference}"]}

    assert token_client(admin).post(f"{path}sources/", body, format="json").status_code == 200
    assert token_client(reader).post(f"{path}sources/", body, format="json").status_code == 403
    assert token_client(reader).get(path).status_code == 200
    new = {"name": "other", "workspace": place.slug}
    assert token_client(admin).post(PATH, new, format="json").status_code == 403
    assert token_client(admin).post(f"{path}tokens/", {}, format="json").status_code == 403
    assert (
        token_client(admin).post(f"{path}retire/", {"reason": "x"}, format="json").status_code
        == 403
    )


def test_one_token_follows_another(place: Workspace) -> None:
    issued = register(place)
    old = issued.opa.user.tokens.get()

    new = opas.issue_token(actor=administrator(), opa=issued.opa.uuid)

    client = token_client(administrator())
    assert client.delete(f"/api/registry/tokens/{old.uuid}/").status_code in {200, 204}
    path = f"/opa/bundles/{issued.opa.name}"
    assert client_of(issued).get(path).status_code == 401
    assert client_of(new).get(path).status_code == 200


def test_the_key_that_signs_is_made_once_and_kept_from_others(place: Workspace) -> None:
    from django.conf import settings

    from policies.services.fleet.bundles import KEY_FILE, signing_key

    assert signing_key().private_numbers() == signing_key().private_numbers()
    assert (settings.KEYS_DIR / KEY_FILE).stat().st_mode & 0o777 == 0o600
