"""Promise 3: after a 2xx no process serves the older alias or grant."""

from __future__ import annotations

import pytest

from tests.support.organisation import Organisation
from tests.support.service import Service

pytestmark = pytest.mark.slow
ROUNDS = 25
ASSET = "assist-dev/prompt/answer"


@pytest.fixture(scope="module")
def organisation(shared_service: Service) -> Organisation:
    organisation = Organisation.found(shared_service)
    shared_service.start_web(2)
    return organisation


def register(organisation: Organisation, text: str) -> None:
    spec = {"type": "text", "template": text}
    body = {"workspace": "assist-dev", "kind": "prompt", "name": "answer", "spec": spec}
    organisation.client("author").post("/api/registry/versions/", body).expect(201)


def test_an_alias_moved_in_one_process_is_served_by_the_other_at_once(
    organisation: Organisation,
) -> None:
    register(organisation, "first")
    register(organisation, "second")
    writer, reader = organisation.client("author", web=0), organisation.client("author", web=1)

    for turn in range(ROUNDS):
        to = 1 + turn % 2
        body = {"asset": ASSET, "alias": "candidate", "to": to}
        writer.post("/api/registry/aliases/", body).expect(201)
        seen = reader.get("/api/registry/resolve/", ref=f"{ASSET}@candidate").expect(200)
        assert seen.json["number"] == to


def test_a_grant_changed_in_one_process_holds_in_the_other_at_once(
    organisation: Organisation,
) -> None:
    register(organisation, "first")
    admin, outsider = (
        organisation.client("administrator", web=0),
        organisation.client("outsider", web=1),
    )
    grant = {"workspace": "assist-dev", "role": "reader", "username": "outsider"}

    for _ in range(ROUNDS):
        outsider.get("/api/registry/resolve/", ref=f"{ASSET}/1").expect(404)
        granted = admin.post("/api/registry/members/", grant).expect(201).json
        outsider.get("/api/registry/resolve/", ref=f"{ASSET}/1").expect(200)
        admin.request("DELETE", f"/api/registry/members/{granted['uuid']}/").expect(204)


def test_a_token_revoked_in_one_process_is_refused_by_the_other_at_once(
    organisation: Organisation,
) -> None:
    writer = organisation.client("author", web=0)

    for _ in range(ROUNDS):
        issued = writer.post("/api/registry/tokens/", {"label": "ci"}).expect(201).json
        reader = organisation.service.client(token=issued["token"], web=1)
        reader.get("/api/registry/workspaces/").expect(200)
        writer.request("DELETE", f"/api/registry/tokens/{issued['uuid']}/").expect(204)
        reader.get("/api/registry/workspaces/").expect(401)
