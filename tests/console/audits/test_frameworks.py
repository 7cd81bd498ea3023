"""The pages of frameworks."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import (
    ControlStatement,
    OwnFrameworkVersion,
)
from audits.services import scans
from audits.services.frameworks import import_catalog
from policies.packs.controls import frameworks as shipped
from registry.models import Workspace
from tests.audits.conftest import finish_tasks
from tests.audits.frameworks.catalogs import a_catalog, document
from tests.factories import administrator, make_workspace
from tests.policies.estate import OPEN, assign, make_policy, submit

pytestmark = pytest.mark.django_db


def shown(client: Client, name: str, *args: Any, **asked: str) -> str:
    answer = client.get(reverse(f"admin:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def imported(client: Client, body: bytes, **said: Any) -> Any:
    file = SimpleUploadedFile("catalog.json", body)
    address = reverse("admin:console_framework_import")
    return client.post(address, {"name": "house", "document": file} | said)


def test_every_framework_has_a_bar_and_a_page(reader: Client) -> None:
    text = shown(reader, "console_frameworks")

    assert all(name in text for name in ("EU AI Act", "NIST AI RMF", "ISO/IEC 42001", "SOC 2"))
    bare = sum(not each.is_verified for each in shipped()["mcsb"].controls)
    assert f"+ {bare} bare" in text
    assert "Import a framework" not in text
    page = shown(reader, "console_framework", "eu-ai-act")
    assert "annex-iv.9" in page
    assert "Official Journal" in page
    assert "Where the title stands" in page
    assert "https://eur-lex.europa.eu/eli/reg/2024/1689/oj" in page


def test_what_scans_found_stands_beside_a_control(reader: Client, prod: Workspace) -> None:
    import_catalog(
        actor=administrator(),
        name="test",
        document={"catalog": a_catalog() | {"controls": [{"id": "control-1", "title": "Closed"}]}},
    )
    assign(make_policy(), prod, "audit")
    submit(prod, OPEN)
    scans.start(actor=administrator(), workspaces=["prod"])
    finish_tasks()

    text = shown(reader, "console_framework", "test")

    assert "1 fail" in text
    assert "1 open finding" in text


def test_gaps_are_shown_alone_and_as_of_a_day(reader: Client) -> None:
    gaps = shown(reader, "console_framework", "iso-42001", level="none")
    past = shown(reader, "console_framework", "iso-42001", at="2020-01-01", q="data prov")

    assert "No policy in force names it" in gaps
    assert "A.7.5" in past
    assert "A.7.3" not in past


def test_what_there_is_none_of_is_not_found(reader: Client) -> None:
    make_workspace("elsewhere")
    page = reverse("admin:console_framework", args=["eu-ai-act"])

    assert reader.get(page, {"workspace": "elsewhere"}).status_code == 404
    assert reader.get(reverse("admin:console_framework", args=["none"])).status_code == 404
    assert reader.get(page, {"at": "2020-13-45"}).status_code == 200


def test_an_administrator_imports_a_catalog_and_is_told_what_is_wrong_with_one(
    admin: Client, reader: Client, prod: Workspace
) -> None:
    wrong = document()
    del wrong["catalog"]["metadata"]["title"]

    refused = imported(admin, json.dumps(wrong).encode())
    no_json = imported(admin, b"{")
    compressed = SimpleUploadedFile("house.json.gz", gzip.compress(b"{"))
    no_json_inside = imported(admin, b"", document=compressed)
    assert not OwnFrameworkVersion.objects.exists()
    done = imported(admin, json.dumps(document()).encode())

    assert "catalog.metadata.title" in refused.content.decode()
    assert "The file is not JSON" in no_json.content.decode()
    assert "The file is not JSON" in no_json_inside.content.decode()
    assert done.status_code == 302
    assert done["Location"] == reverse("admin:console_framework", args=["house"])
    assign(make_policy(), prod, "audit")
    text = shown(admin, "console_framework", "house")
    assert "Models are signed" in text
    assert "withdrawn" in text
    imported(reader, json.dumps(document()).encode(), name="another")
    assert reader.get(reverse("admin:console_framework_import")).status_code == 403
    assert OwnFrameworkVersion.objects.count() == 1


def test_the_next_version_shows_what_it_changed(admin: Client) -> None:
    imported(admin, json.dumps(document()).encode())
    changed = document()
    changed["catalog"]["controls"] = [{"id": "hr-11", "title": "Newly asked"}]
    imported(admin, json.dumps(changed).encode())

    text = shown(admin, "console_framework", "house", against="1")

    assert "1 added, 1 removed, 0 changed" in text
    assert "Newly asked" in text
    page = reverse("admin:console_framework", args=["house"])
    assert admin.get(page, {"against": "9"}).status_code == 404


def test_a_policy_is_mapped_to_a_control_in_a_form(
    admin: Client, reader: Client, prod: Workspace
) -> None:
    policy = make_policy()
    assign(policy, prod, "audit")
    address = reverse("admin:console_control_map") + "?control=iso-42001/A.2.2"

    wrong = admin.post(address, {"policy": "none", "reason": "x"})
    done = admin.post(address, {"policy": policy.policy.name, "reason": "It checks the text."})
    text = shown(admin, "console_framework", "iso-42001", q="A.2.2")

    assert "there is no policy" in wrong.content.decode()
    assert done.status_code == 302
    assert "mapped" in text
    assert policy.reference in text
    assert reader.get(address).status_code == 403


def test_how_a_control_is_met_is_stated_in_a_form(admin: Client, reader: Client) -> None:
    address = reverse("admin:console_control_state") + "?control=iso-42001/A.2.2"
    day = (timezone.now().date() + timedelta(days=90)).isoformat()
    said = {"workspace": "prod", "state": "implemented", "text": "<b>A policy</b>"}

    done = admin.post(address, said | {"expires_at": day})
    refused = reader.post(address, said | {"expires_at": day})

    assert done.status_code == 302, done.content
    assert refused.status_code == 200
    assert ControlStatement.objects.count() == 1
    text = shown(admin, "console_framework", "iso-42001", level="statement")
    assert "&lt;b&gt;A policy" in text
