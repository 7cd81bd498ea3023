"""Configurations are submitted on a page, and a resource's page tells what was told and changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from policies.models import Resource, Snapshot
from registry.models import Workspace
from tests import factories
from tests.console.pages import browser

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"


@pytest.fixture
def place(db: None) -> Workspace:
    return factories.make_workspace()


def template(access: str) -> str:
    resource = {"type": WORKSPACE, "name": "ws", "properties": {"publicNetworkAccess": access}}
    skipped = {**resource, "name": "off", "condition": False}
    return json.dumps({"resources": [resource, skipped]})


def send(place: Workspace, *, role: str = "deployer", **body: Any) -> Any:
    """Send the form, as somebody with the role."""
    client = browser(factories.member(place, role))
    given = {"workspace": place.slug, "format": "arm-template", **body}
    return client.post(reverse("admin:console_configurations"), given)


def test_a_document_is_submitted_and_every_part_of_it_accounted_for(place: Workspace) -> None:
    shown = send(place, document=template("Enabled")).content.decode()

    assert "1 recorded" in shown
    assert "its condition is false" in shown
    assert str(Snapshot.objects.get().uuid) in shown


def test_a_file_is_read_in_place_of_the_text(place: Workspace) -> None:
    file = SimpleUploadedFile("cpu.yml", b"name: cpu\ntype: amlcompute\n")

    send(place, document="nonsense", format="azureml-cli", file=file)

    assert Resource.objects.get().type == f"{WORKSPACE}/computes"


def test_fifty_megabytes_are_answered_with_a_page_that_names_the_limit(place: Workspace) -> None:
    file = SimpleUploadedFile("plan.json", b"x" * (50 * 1024 * 1024))

    answer = send(place, file=file)

    assert answer.status_code == 413
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "the limit is 2097152 (MUNIMENT_MAX_BODY_BYTES)" in answer.content.decode()
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"document": "{"}, "not JSON"),
        ({"document": ""}, "Write a document"),
        ({"document": "{}", "format": "avm-parameters"}, "avm/res/cognitive-services/account"),
    ],
)
def test_what_is_wrong_is_said_on_the_form(
    place: Workspace, body: dict[str, str], reason: str
) -> None:
    assert reason in send(place, **body).content.decode()
    assert not Snapshot.objects.exists()


def test_readers_cannot_choose_the_workspace(place: Workspace) -> None:
    assert (
        "not one of the available"
        in send(place, role="reader", document=template("Enabled")).content.decode()
    )


def test_a_resource_shows_what_was_told_and_what_changed(place: Workspace) -> None:
    send(place, document=template("Enabled"))
    send(place, document=template("Disabled"))
    resource = Resource.objects.get()
    client = browser(factories.member(place, "reader"))
    here = reverse("admin:policies_resource_change", args=[resource.pk])

    newest = client.get(here).content.decode()
    first = client.get(
        here, {"snapshot": str(Snapshot.objects.earliest("id").uuid)}
    ).content.decode()

    assert "What changed" in newest
    assert "<code>Enabled</code>" in newest
    assert "&quot;Disabled&quot;" in newest
    assert "What changed" not in first
    assert "Retire" not in newest


def test_what_others_submitted_elsewhere_is_not_there(place: Workspace) -> None:
    send(place, document=template("Enabled"))
    snapshot = Snapshot.objects.get()
    outsider = browser(factories.make_actor())

    for address in (
        reverse("admin:policies_resource_change", args=[snapshot.resource_id]),
        reverse("admin:console_snapshot", args=[snapshot.uuid]),
        reverse("admin:console_resource_retire", args=[snapshot.resource.uuid]),
    ):
        assert outsider.get(address).status_code == 404


def test_what_is_gone_is_retired(place: Workspace) -> None:
    send(place, document=template("Enabled"))
    resource = Resource.objects.get()
    admin = browser(factories.member(place, "admin"))
    address = reverse("admin:console_resource_retire", args=[resource.uuid])

    assert admin.get(address).status_code == 200
    admin.post(address, {"reason": "deleted"})

    resource.refresh_from_db()
    assert resource.retired_at is not None
