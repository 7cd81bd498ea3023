"""The pages of the OPA fleet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.actors import Actor
from policies.models import Opa, OpaInstance
from policies.services.fleet import opas
from registry.models import Token, Workspace
from tests.factories import administrator, make_actor, make_workspace, member
from tests.policies.fleet.estate import client_of, event, register, send_logs, send_status

pytestmark = pytest.mark.django_db
FLEET = "/admin/fleet/"


@pytest.fixture
def place() -> Workspace:
    return make_workspace("fleet-prod", stage="production")


def browser(actor: Actor) -> Client:
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user)
    return client


def read(actor: Actor, address: str, *, status: int = 200) -> str:
    answer = browser(actor).get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_fleet_tells_how_each_opa_is(place: Workspace) -> None:
    never, well, broken, silent = (register(place, name=f"opa-{n}") for n in range(4))
    send_status(client_of(well))
    send_status(client_of(broken), plugins={"bundle": {"state": "ERROR"}})
    send_status(client_of(silent))
    OpaInstance.objects.filter(opa=silent.opa).update(
        last_status_at=timezone.now() - timedelta(hours=1)
    )
    gone = register(place, name="opa-gone")
    opas.retire(actor=administrator(), opa=gone.opa.uuid)

    text = read(member(place, "reader"), FLEET)

    for word in ("never seen", "well", "has problems", "silent", "retired"):
        assert f">{word}</span>" in text
    assert f"{FLEET}{never.opa.uuid}/" in text


def test_an_opa_shows_its_processes_gaps_and_how_to_start_it(place: Workspace) -> None:
    issued = register(place, name="edge")
    client = client_of(issued)
    send_status(client, bundles={"muniment": {"active_revision": "sha256:abc"}})
    dropped = {"prometheus": {"counter_decision_logs_dropped_rate_limit_exceeded": 4}}
    send_status(client, metrics=dropped)
    send_logs(client, [event()])
    address = f"{FLEET}{issued.opa.uuid}/"

    for_auditor, for_reader = (read(member(place, role), address) for role in ("auditor", "reader"))

    assert "Evidence gap: 4 decisions lost" in for_auditor
    assert "discovery/edge" in for_auditor
    assert issued.token not in for_auditor
    assert "muniment_fleet/verdicts" in for_auditor
    assert "muniment_fleet/verdicts" not in for_reader


def test_a_foreign_opa_is_none(place: Workspace) -> None:
    issued = register(place, name="edge")
    outsider = make_actor()

    assert "edge" not in read(outsider, FLEET)
    read(outsider, f"{FLEET}{issued.opa.uuid}/", status=404)


def test_decisions_are_in_the_back_office_for_those_who_read_the_trail(place: Workspace) -> None:
    issued = register(place, name="edge")
    send_logs(client_of(issued), [event(input={"password": "hunter2 and more"})])
    decision = issued.opa.decisions.get()
    address = "/admin/policies/fleetdecision/"

    assert "muniment_fleet/verdicts" in read(member(place, "auditor"), address)
    shown = read(member(place, "auditor"), f"{address}{decision.pk}/change/")
    assert "/input/password" in shown
    assert "hunter2" not in shown
    assert "muniment_fleet/verdicts" not in read(member(place, "reader"), address)


def test_an_administrator_registers_an_opa_and_sees_its_token_once(place: Workspace) -> None:
    pages = browser(administrator())
    asked = {
        "name": "edge-1",
        "workspace": place.slug,
        "sources": "",
        "labels": "region: eu",
        "masks": "/input/person, /input/messages/*/content",
        "is_signed": "on",
        "days": "30",
    }

    shown = pages.post(f"{FLEET}new/", asked)

    made = Opa.objects.get(name="edge-1")
    token = Token.objects.get(user=made.user)
    assert "no-store" in shown.headers["Cache-Control"]
    assert f"mun_{token.prefix}" in shown.content.decode()
    assert made.labels == {"region": "eu"}
    assert made.masks == ["/input/messages/*/content", "/input/person"]
    assert made.is_signed
    assert token.expires_at is not None
    assert f"mun_{token.prefix}" not in read(administrator(), f"{FLEET}{made.uuid}/")


def test_another_token_other_sources_and_the_end_of_an_opa(place: Workspace) -> None:
    issued = register(place, name="edge")
    pages, address = browser(administrator()), f"{FLEET}{issued.opa.uuid}/"

    another = pages.post(f"{address}token/", {"days": "7"})
    refused = pages.post(f"{address}sources/", {"sources": "policy/there-is-none"})
    masked = pages.post(f"{address}masks/", {"masks": "/input/person"})
    assert "<code>/input/person</code> out of its decisions" in read(administrator(), address)
    wrong = pages.post(f"{address}masks/", {"masks": "person"})
    retired = pages.post(f"{address}retire/", {"reason": "The edge is gone."})

    assert another.status_code == 200
    assert Token.objects.filter(user=issued.opa.user).count() == 2
    assert "there-is-none" in refused.content.decode()
    assert (masked.status_code, wrong.status_code, retired.status_code) == (302, 200, 302)
    assert "must be a JSON Pointer" in wrong.content.decode()
    issued.opa.refresh_from_db()
    assert issued.opa.retired_at is not None
    assert f"{address}token/" not in read(administrator(), address)


@pytest.mark.parametrize("verb", ["token", "retire", "sources", "masks"])
def test_who_may_only_read_manages_no_opa(place: Workspace, verb: str) -> None:
    issued = register(place, name="edge")
    reader = member(place, "reader")
    address = f"{FLEET}{issued.opa.uuid}/"

    answer = browser(reader).post(f"{address}{verb}/", {"days": "7"})

    issued.opa.refresh_from_db()
    assert f"{address}{verb}/" not in read(reader, address)
    assert answer.status_code in {200, 302}  # the form, or back to it, with what is missing
    assert Token.objects.filter(user=issued.opa.user).count() == 1
    assert issued.opa.retired_at is None
