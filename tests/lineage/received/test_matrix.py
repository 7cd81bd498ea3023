"""Every address of the receiver, every caller: the status that must come back."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import resolve

from core.models import JournalEntry
from lineage.openlineage.urls import urlpatterns
from tests.api.world import CALLERS, make_small_world
from tests.lineage.received.events import run_event

# In the order of CALLERS: anonymous, outsider, reader, author, approver, deployer, auditor, admin
# of the workspace, administrator.
ADDRESSES = {
    "api/v1/lineage": ([], "401 404 403 201 403 201 403 201 201"),
    "api/v1/lineage/batch": ([1], "401 404 403 200 403 200 403 200 200"),
}


def test_every_caller_is_answered_as_the_matrix_says(db: None) -> None:
    world = make_small_world()
    assert {str(pattern.pattern) for pattern in urlpatterns} == set(ADDRESSES)
    for address, (in_array, expected) in ADDRESSES.items():
        content: Any = [run_event()] if in_array else run_event()
        found = []
        for caller in CALLERS:
            with transaction.atomic():
                answer = world.clients[caller].post(
                    f"/{address}?workspace=matrix-dev", content, format="json"
                )
                transaction.set_rollback(True)
            found.append(str(answer.status_code))
        assert " ".join(found) == expected, address


@pytest.mark.parametrize("address", ADDRESSES)
def test_other_methods_and_other_places_are_refused(db: None, address: str) -> None:
    client = make_small_world().clients["outsider"]
    assert client.delete(f"/{address}").status_code == 405
    body: Any = [run_event()] if address.endswith("batch") else run_event()
    foreign = client.post(f"/{address}?workspace=matrix-prod", body, format="json")
    missing = client.post(f"/{address}?workspace=nowhere", body, format="json")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    denied = JournalEntry.objects.filter(action="core.access.denied")
    assert denied.filter(workspace__isnull=False).exists()


def test_a_token_without_the_scope_may_not_send(db: None) -> None:
    from registry.models import Workspace
    from tests import factories

    make_small_world()
    dev = Workspace.objects.get(slug="matrix-dev")
    actor = factories.member(dev, "author")
    address = "/api/v1/lineage?workspace=matrix-dev"
    for scopes, status in ((["view_workspace"], 403), (["view_workspace", "emit_lineage"], 201)):
        client = factories.token_client(actor, scopes=scopes)
        assert client.post(address, run_event(), format="json").status_code == status


def test_no_address_without_a_session_trusts_a_cookie() -> None:
    paths = [path for path in settings.SESSIONLESS_PATHS if "lineage" in path]

    assert paths
    for address in ADDRESSES:
        assert f"/{address}".startswith(tuple(paths))
        assert getattr(resolve(f"/{address}").func, "csrf_exempt", False), address
