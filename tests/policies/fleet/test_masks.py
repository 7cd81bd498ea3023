"""What an OPA takes out of its decisions: what we would redact, and its masks."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from core.models import JournalEntry
from policies.bundles import masks
from policies.services.fleet import opas
from registry.kinds.redaction import REDACTED, without_secrets
from registry.models import Workspace
from tests.factories import administrator, make_workspace, token_client
from tests.policies.fleet.estate import client_of, files_of, register
from tests.support.opa import OpaServer

KEYS = ("ok", "password", "api key", "a/b~c", "é", "", "0", "items")
TEXTS = (
    "",
    "plain",
    "env:NAME",
    "hf_abcdefghijklmnopqrstuvwxyz",
    "postgres://u:pw@host/db",
    "Server=x;Password=hunter2;",
)
DOCUMENTS = st.recursive(
    st.sampled_from([*TEXTS, None, True, 7]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def opa(opa_server: OpaServer) -> OpaServer:
    _put(opa_server, masks.module(["/input/person", "/input/list/*/name", "/result/told/1"]))
    return opa_server


def _put(server: OpaServer, module: str) -> None:
    address = f"{server.url}/v1/policies/masks"
    request = urllib.request.Request(address, module.encode(), method="PUT")  # noqa: S310 - ours
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - ours


def _told(server: OpaServer, **event: Any) -> dict[str, Any]:
    """What is left of an event when OPA has done what the mask asks for, and its places."""
    request = urllib.request.Request(  # noqa: S310 - ours
        f"{server.url}/v1/data{masks.DECISION}", json.dumps({"input": event}).encode()
    )
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - ours
        entries = json.loads(answer.read())["result"]
    left = json.loads(json.dumps(event))
    for entry in entries:
        assert entry["op"] == "upsert"
        *way, last = entry["path"].removeprefix("/").split("/")
        found: Any = left
        for key in way:
            found = found[int(key)] if isinstance(found, list) else found[key]
        found[int(last) if isinstance(found, list) else last] = entry["value"]
    return {**left, "masked": [entry["path"] for entry in entries]}


@pytest.mark.opa
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(document=DOCUMENTS)
def test_secrets_are_those_that_we_redact_on_arrival(opa: OpaServer, document: Any) -> None:
    kept, _ = without_secrets(document)

    told = _told(opa, input=document)

    assert told["input"] == kept


@pytest.mark.opa
@pytest.mark.parametrize(
    ("event", "places", "left"),
    [
        (
            {"input": {"person": {"password": "x", "age": 3}, "other": 1}},
            ["/input/person"],
            {"input": {"person": REDACTED, "other": 1}},
        ),
        (
            {"input": {"list": [{"name": 3, "size": 1}, {"size": 2}, {"name": None}]}},
            ["/input/list/0/name", "/input/list/2/name"],
            {"input": {"list": [{"name": REDACTED, "size": 1}, {"size": 2}, {"name": REDACTED}]}},
        ),
        (
            {"input": {"a b": {"token": "x"}, "person": 1}, "result": {"told": ["a", "b"]}},
            ["/input", "/result/told/1"],
            {
                "input": {"a b": {"token": REDACTED}, "person": REDACTED},
                "result": {"told": ["a", REDACTED]},
            },
        ),
        ({"input": ["person", 0]}, [], {"input": ["person", 0]}),
        ({"result": True}, [], {"result": True}),
    ],
    ids=["with all in it", "any index", "odd keys", "an array", "no input"],
)
def test_masks_take_out_what_they_point_to(
    opa: OpaServer, event: dict[str, Any], places: list[str], left: dict[str, Any]
) -> None:
    assert _told(opa, **event) == {**left, "masked": places}


@pytest.fixture
def place() -> Workspace:
    return make_workspace("fleet-prod", stage="production")


@pytest.mark.django_db
@pytest.mark.usefixtures("with_deltas")
def test_changed_masks_are_a_new_bundle_and_never_a_delta(place: Workspace) -> None:
    issued = register(place, masks=["/input/b", "/input/a", "/input/b"])
    client, path = client_of(issued), f"/opa/bundles/{issued.opa.name}/unsigned"
    first = client.get(path)
    address = f"/api/policies/opas/{issued.opa.uuid}/masks/"
    body = {"masks": ["/result/c"], "reason": "They are names."}

    answer = token_client(administrator()).post(address, body, format="json")

    assert answer.json()["masks"] == ["/result/c"]
    etag = first.headers["ETag"]
    second = client.get(path, HTTP_IF_NONE_MATCH=etag, HTTP_PREFER="modes=snapshot,delta")
    rules = [files_of(each.content)[masks.MODULE_PATH].decode() for each in (first, second)]
    assert [each.count("masked contains") for each in rules] == [2, 1]
    assert 'some key0 in ["c"]' in rules[1]
    entry = JournalEntry.objects.get(action="policies.opa.masks_changed")
    told = json.loads(bytes(entry.body))
    assert told["before"] == {"masks": ["/input/a", "/input/b"]}
    assert (told["after"], told["reason"]) == ({"masks": ["/result/c"]}, "They are names.")


@pytest.mark.django_db
def test_the_discovered_configuration_names_the_mask(place: Workspace) -> None:
    issued = register(place)

    found = opas.configuration_of(actor=administrator(), opa=issued.opa.uuid)["discovered"]

    assert found["decision_logs"]["mask_decision"] == masks.DECISION


@pytest.mark.django_db
@pytest.mark.parametrize(
    "mask", ["input/a", "/labels/id", "/inputs", "/input/~2", "/input/a\n", "/input/" + "x" * 294]
)
def test_a_mask_that_is_no_place_is_refused(place: Workspace, mask: str) -> None:
    issued = register(place, masks=["/input"])
    body = {"masks": ["/input/a", mask]}

    answer = token_client(administrator()).post(
        f"/api/policies/opas/{issued.opa.uuid}/masks/", body, format="json"
    )

    if mask.endswith("\n"):  # white space around a text is not part of it
        assert answer.json()["masks"] == ["/input/a"]
    else:
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"].startswith("masks")
        issued.opa.refresh_from_db()
        assert issued.opa.masks == ["/input"]


@pytest.mark.django_db
def test_what_is_retired_masks_nothing_else(place: Workspace) -> None:
    issued = register(place)
    opas.retire(actor=administrator(), opa=issued.opa.uuid)

    with pytest.raises(Conflict):
        opas.mask(actor=administrator(), opa=issued.opa.uuid, masks=["/input"])
