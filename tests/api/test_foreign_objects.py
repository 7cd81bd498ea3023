"""What one may not see is answered exactly like what is not there, and is on record."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.ids import new_uuid
from core.models import JournalEntry
from tests.api.matrix import AREAS
from tests.api.rows import Row
from tests.api.test_matrix import PARAMETER
from tests.api.world import World
from tests.factories import make_dataset, make_model, make_workspace, token_client

pytestmark = pytest.mark.django_db
HIDDEN = [row for rows in AREAS.values() for row in rows if row.expected[1] == 404 and row.at]
INVALID = [row for rows in AREAS.values() for row in rows if row.expected[1] == 400 and row.body]


def send(world: World, row: Row, *, missing: bool) -> Any:
    """Send the row's request as the outsider, to the real object or to one that never was."""

    def part(match: re.Match[str]) -> str:
        if not missing:
            return str(world.at[row.at[0]])
        return "no-such-place" if "slug" in match.group() else str(new_uuid())

    address = "/" + PARAMETER.sub(part, row.route) + row.query.format(**world.at)
    body = row.body(world) if row.body else None
    client = world.clients["outsider"]
    headers = {"X-Request-Id": "the-same", **row.headers}
    return getattr(client, row.method.lower())(address, body, format="json", headers=headers)


def test_every_hidden_object_is_answered_byte_for_byte_like_a_missing_one(world: World) -> None:
    assert len(HIDDEN) > 15
    for row in HIDDEN:
        foreign, missing = (send(world, row, missing=missing) for missing in (False, True))

        assert foreign.status_code == missing.status_code == 404, row
        assert foreign.content == missing.content, row
        assert dict(foreign.headers) == dict(missing.headers), row


def test_a_body_that_names_a_hidden_workspace_is_answered_like_one_that_names_none(
    world: World,
) -> None:
    client = world.clients["outsider"]
    for row in INVALID:
        assert row.body is not None
        body = row.body(world)
        address = "/" + PARAMETER.sub("{}", row.route).format(*(world.at[one] for one in row.at))
        real = client.post(address, body, format="json")
        text = real.content.decode()
        for name in ("matrix-dev", "matrix-prod"):
            body = replaced(body, name, f"{name}-nowhere")
            text = text.replace(f"{name}'", f"{name}-nowhere'").replace(
                f"{name}/", f"{name}-nowhere/"
            )
        none = client.post(address, body, format="json")

        assert (real.status_code, none.status_code) == (400, 400), row
        assert text == none.content.decode(), row


def replaced(value: Any, old: str, new: str) -> Any:
    """``value`` with ``old`` replaced by ``new`` in all of its texts."""
    if isinstance(value, dict):
        return {key: replaced(member, old, new) for key, member in value.items()}
    if isinstance(value, list):
        return [replaced(member, old, new) for member in value]
    return value.replace(old, new) if isinstance(value, str) else value


def test_each_denial_is_journalled_with_who_and_what_and_a_missing_object_is_not(
    world: World,
) -> None:
    denials = JournalEntry.objects.filter(action="core.access.denied")
    row = next(row for row in HIDDEN if row.at == ("version",))

    send(world, row, missing=True)
    assert not denials.exists()
    send(world, row, missing=False)

    entry = denials.get()
    user = world.actors["outsider"].user
    assert user is not None
    assert (entry.actor, entry.workspace) == (user.uuid, world.dev.uuid)
    assert (entry.subject, entry.outcome) == (world.at["ref"], "denied")
    assert (entry.via, entry.request_id) == ("token", "the-same")


def test_every_look_at_a_hidden_object_is_on_record_and_none_at_a_missing_one(
    world: World,
) -> None:
    denials = JournalEntry.objects.filter(action="core.access.denied")
    for row in HIDDEN:
        before = denials.count()
        send(world, row, missing=True)
        assert denials.count() == before, row

        send(world, row, missing=False)
        assert denials.count() == before + 1, row


LISTS = [
    row.route
    for rows in AREAS.values()
    for row in rows
    if row.method == "GET" and "<" not in row.route and row.route.endswith("/") and not row.query
]
PUBLIC = {
    # The organisation's own: everybody who is signed in may read these.
    "api/schema/",
    "api/docs/",
    "api/registry/kinds/",
    "api/registry/templates/",
    "api/registry/bundles/key/",
    "api/registry/deployments/schema/",
    "api/policies/policies/",
    "api/policies/versions/",
    "api/policies/sets/",
    "api/policies/snapshots/formats/",
    "api/policies/coverage/",
    "api/audits/frameworks/",
    "api/audits/control-mappings/",
    "api/audits/checkpoints/",
    "api/audits/checkpoints/keys/",
    "api/audits/checkpoints/newest/",
    "api/audits/due-rules/in-force/",
    "api/audits/retention/",
}
# Tokens, watches, notifications and bundles are a caller's own; nobody has decided on the promotion
# that waits; no workspace lets others discover it; nothing stands in production.
OWN_OR_EMPTY = {
    "api/registry/tokens/",
    "api/registry/bundles/",
    "api/registry/approvals/",
    "api/registry/watches/",
    "api/registry/notifications/",
    "api/registry/catalogue/discoverable/",
    "api/lineage/questions/fed-production/",
    "api/lineage/questions/unknown-origins/",
}
# They are for administrators of the organisation.
OPERATORS = {"api/lineage/sinks/", "api/audits/anchors/", "api/audits/streams/"}
# They answer counts, not rows.
NUMBERS = {
    "api/registry/notifications/unread/",
    "api/registry/catalogue/facets/",
    "api/audits/risks/matrix/",
}
# They answer every row in one go.
STREAMS = {"api/policies/fleet-decisions/export/"}


def read(world: World, caller: str, route: str) -> bytes:
    """What a caller reads from a stream."""
    answer: Any = world.clients[caller].get(f"/{route}")
    return b"".join(answer.streaming_content)


def test_no_list_shows_an_outsider_anything_of_another_workspace(world: World) -> None:
    for route in OPERATORS:
        assert world.clients["outsider"].get(f"/{route}").status_code == 403, route
    for route in STREAMS:
        assert not read(world, "outsider", route), route
        assert read(world, "administrator", route), route
    for route in sorted(set(LISTS) - PUBLIC - OPERATORS - STREAMS):
        seen = world.clients["outsider"].get(f"/{route}")
        told = world.clients["administrator"].get(f"/{route}")

        assert seen.status_code == 200, route
        assert not re.search(r"matrix-(dev|prod)|tickets", seen.content.decode()), route
        if route not in OWN_OR_EMPTY | NUMBERS:
            listed = "rows" if "/questions/" in route else "results"
            assert len(told.json()[listed]) > len(seen.json()[listed]), route


def test_a_link_to_a_hidden_version_shows_its_role_and_nothing_else(world: World) -> None:
    hidden = make_dataset(make_workspace(), name="hidden-data")
    model = make_model(world.dev, trained_on=[hidden])

    answer = world.clients["reader"].get(f"/api/registry/versions/{model.uuid}/")

    assert answer.json()["links"] == [{"role": "trained_on", "to": None, "digest": None}]
    assert hidden.digest not in answer.content.decode()


def test_a_narrowed_token_sees_and_does_only_what_it_is_narrowed_to(world: World) -> None:
    author = world.actors["author"]
    elsewhere = token_client(author, workspaces=[world.prod.slug])
    read_only = token_client(author, scopes=["view_workspace"])
    version = f"/api/registry/versions/{world.at['version']}/"
    draft = {"workspace": world.dev.slug, "kind": "model", "name": "x", "spec": {}}

    assert elsewhere.get(version).status_code == 404
    assert elsewhere.get("/api/registry/versions/").json()["results"] == []
    assert read_only.get(version).status_code == 200
    assert read_only.post("/api/registry/versions/", draft, format="json").status_code == 403
