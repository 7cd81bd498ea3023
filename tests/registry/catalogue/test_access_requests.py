"""What a workspace lets be discovered is a stub with a way to ask, and no more."""

from __future__ import annotations

import pytest

from core.actors import Actor
from core.models import JournalEntry
from registry.models import Notification, Workspace
from registry.services import workspaces
from tests.factories import administrator, make_model, make_workspace, member, token_client
from tests.registry.catalogue.following import CATALOGUE, MODEL, follow, names

pytestmark = pytest.mark.django_db
REQUESTS = "/api/registry/access-requests/"
SECRET = {**MODEL, "card": {"summary": "Answers riddles.", "limitations": "knows the vault code"}}


@pytest.fixture
def stranger(db: None) -> Actor:
    return member(make_workspace(), "reader")


def discoverable(place: Workspace) -> None:
    workspaces.change(actor=administrator(), slug=place.slug, changes={"is_discoverable": True})


def stubs(actor: Actor, **parameters: str) -> list[dict[str, object]]:
    response = token_client(actor).get(f"{CATALOGUE}discoverable/", parameters)
    assert response.status_code == 200
    found: list[dict[str, object]] = response.json()["results"]
    return found


def test_a_stub_shows_after_the_workspace_says_so_and_is_found_by_name_and_summary_alone(
    place: Workspace, author: Actor, stranger: Actor
) -> None:
    version = make_model(place, name="sphinx", spec=SECRET, actor=author)
    follow()
    assert stubs(stranger) == []

    discoverable(place)

    [stub] = stubs(stranger, q="riddles sphinx")
    assert stub == {
        "asset": str(version.asset.uuid),
        "kind": "model",
        "name": "sphinx",
        "summary": "Answers riddles.",
        "workspace": "atelier",
        "workspace_title": place.title,
        "request_access": {"address": REQUESTS, "asset": str(version.asset.uuid)},
    }
    assert stubs(stranger, q="vault") == stubs(stranger, kind="prompt") == stubs(author) == []
    assert names(token_client(stranger)) == []
    assert (
        token_client(stranger, workspaces=[]).get(f"{CATALOGUE}discoverable/").json()["results"]
        == []
    )


def test_a_stub_shows_no_field_of_a_card_that_was_not_written_to_sum_up(
    place: Workspace, author: Actor, stranger: Actor
) -> None:
    card = {"limitations": "knows the vault code"}
    make_model(place, name="sphinx", spec={**MODEL, "card": card}, actor=author)
    follow()
    discoverable(place)

    assert [stub["summary"] for stub in stubs(stranger)] == [""]


def test_a_request_is_listed_for_those_who_grant_and_its_grant_opens_the_workspace(
    place: Workspace, author: Actor, stranger: Actor
) -> None:
    version = make_model(place, name="sphinx", actor=author)
    discoverable(place)
    admin = token_client(member(place, "admin"))
    asking = token_client(stranger)

    made = asking.post(REQUESTS, {"asset": str(version.asset.uuid)}, format="json")
    again = asking.post(REQUESTS, {"workspace": place.slug}, format="json")

    assert (made.status_code, again.status_code) == (201, 409)
    [listed] = admin.get(REQUESTS, {"status": "pending"}).json()["results"]
    assert token_client(author).get(REQUESTS).json()["results"] == []
    own = asking.post(f"{REQUESTS}{listed['uuid']}/grant/", {}, format="json")
    assert own.status_code == 404
    granted = admin.post(f"{REQUESTS}{listed['uuid']}/grant/", {}, format="json")
    assert granted.json()["status"] == "granted"
    follow()
    assert names(asking, q="sphinx") == ["sphinx"]
    assert admin.post(f"{REQUESTS}{listed['uuid']}/grant/", {}, format="json").status_code == 409


def test_declining_needs_a_reason_and_leaves_the_workspace_closed(
    place: Workspace, author: Actor, stranger: Actor
) -> None:
    discoverable(place)
    admin = token_client(member(place, "admin"))
    asking = token_client(stranger)
    uuid = asking.post(REQUESTS, {"workspace": place.slug}, format="json").json()["uuid"]

    assert admin.post(f"{REQUESTS}{uuid}/decline/", {}, format="json").status_code == 400
    declined = admin.post(f"{REQUESTS}{uuid}/decline/", {"reason": "no"}, format="json")

    assert declined.json()["decision_reason"] == "no"
    assert asking.get(f"{REQUESTS}{uuid}/").json()["status"] == "declined"
    assert asking.get(f"/api/registry/workspaces/{place.slug}/").status_code == 404
    actions = JournalEntry.objects.filter(action__startswith="registry.access_request")
    assert [entry.action.rpartition(".")[2] for entry in actions.order_by("id")] == [
        "made",
        "declined",
    ]
    assert Notification.objects.count() == 0  # nothing is told before the journal is followed


def test_a_hidden_workspace_cannot_be_asked_for(place: Workspace, stranger: Actor) -> None:
    for slug in (place.slug, "there-is-none"):
        response = token_client(stranger).post(REQUESTS, {"workspace": slug}, format="json")
        assert response.status_code == 404


@pytest.mark.parametrize("named", ["id", "reference", "full reference"])
def test_what_one_wants_to_read_is_named_in_any_form(
    place: Workspace, author: Actor, stranger: Actor, named: str
) -> None:
    version = make_model(place, name="sphinx", spec=SECRET, actor=author)
    discoverable(place)
    forms = {
        "id": str(version.asset.uuid),
        "reference": "atelier/model/sphinx",
        "full reference": "muniment://localhost/atelier/model/sphinx",
    }

    response = token_client(stranger).post(REQUESTS, {"asset": forms[named]}, format="json")

    assert response.status_code == 201
    assert response.json()["asset"] == forms["id"]


def test_a_reference_into_a_hidden_workspace_is_answered_like_one_to_nothing(
    place: Workspace, author: Actor, stranger: Actor
) -> None:
    make_model(place, name="sphinx", spec=SECRET, actor=author)
    for asset in ("atelier/model/sphinx", "atelier/model/none", "nowhere/model/sphinx"):
        response = token_client(stranger).post(REQUESTS, {"asset": asset}, format="json")
        assert response.status_code == 404


def test_a_request_can_be_taken_back(place: Workspace, stranger: Actor) -> None:
    discoverable(place)
    asking = token_client(stranger)
    uuid = asking.post(REQUESTS, {"workspace": place.slug}, format="json").json()["uuid"]

    assert asking.post(f"{REQUESTS}{uuid}/withdraw/", {}, format="json").status_code == 200
    assert asking.post(f"{REQUESTS}{uuid}/withdraw/", {}, format="json").status_code == 409
    assert asking.post(REQUESTS, {"workspace": place.slug}, format="json").status_code == 201
