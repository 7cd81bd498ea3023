"""Assets are imported, and bundles written and taken in, on pages."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.actors import Actor
from core.models import Task
from registry.bundles.signing import public_pem
from registry.models import AssetVersion, TrustedKey, Workspace
from tests import factories
from tests.audits.conftest import finish_tasks
from tests.console.pages import browser

RIGHT = "kind,name,spec.type,spec.template\nprompt,from-a-list,text,Say hello.\n"
WRONG = RIGHT + "prompt,a/b,text,Bye.\n"


@pytest.fixture
def client(author: Actor) -> Client:
    return browser(author)


def send(client: Client, *bodies: tuple[str, str], **said: str) -> Any:
    files = [SimpleUploadedFile(name, text.encode()) for name, text in bodies]
    given = {"workspace": "atelier", "format": "csv", "mode": "all", "file": files, **said}
    return client.post(reverse("admin:console_import_ask"), given)


def test_a_list_is_checked_and_nothing_is_written(client: Client) -> None:
    told = send(client, ("assets.csv", WRONG), check="1").content.decode()

    assert "1 created" in told
    assert "1 failed" in told
    assert "a/b" in told
    assert not AssetVersion.objects.exists()
    assert not Task.objects.filter(name="registry.import_assets").exists()


def test_a_list_is_imported_and_told_row_by_row(client: Client, author: Actor) -> None:
    asked = send(client, ("assets.csv", RIGHT), reason="moved", **{"import": "1"})
    page = asked["Location"]
    assert "0 of" in client.get(page).content.decode()
    finish_tasks()

    told = client.get(page).content.decode()

    assert "atelier/prompt/from-a-list/1" in told
    assert "Nothing was registered" not in told
    assert "assets.csv" in client.get(reverse("admin:console_imports")).content.decode()
    assert (
        "atelier/prompt/from-a-list/1" not in client.get(f"{page}?outcome=failed").content.decode()
    )


def test_of_a_list_with_a_wrong_row_nothing_is_registered(client: Client) -> None:
    page = send(client, ("assets.csv", WRONG), **{"import": "1"})["Location"]
    finish_tasks()

    told = client.get(page).content.decode()

    assert "Nothing was registered" in told
    assert told.index("a/b") < told.index("from-a-list")
    assert not AssetVersion.objects.exists()


def test_a_folder_of_several_files_is_read(client: Client) -> None:
    card = "---\nlicense: mit\npipeline_tag: text-generation\n---\nA helper."
    files = [("README.md", card), ("config.json", '{"model_type": "llama"}')]

    told = send(client, *files, format="huggingface", repository="acme/helper", check="1")

    assert "1 created" in told.content.decode()
    two = send(client, *files, check="1").content.decode()
    assert "Choose one file" in two


@pytest.mark.parametrize(
    ("body", "said", "reason"),
    [
        (b"\xff\xfe", {}, "is no text"),
        (b"", {}, "empty"),
        (b"nonsense\n", {}, "kind"),
        (b"kind,name\n", {"workspace": "elsewhere"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(
    client: Client, body: bytes, said: dict[str, str], reason: str
) -> None:
    given = {"workspace": "atelier", "format": "csv", "mode": "all"} | said
    file = SimpleUploadedFile("assets.csv", body)
    answer = client.post(
        reverse("admin:console_import_ask"), {**given, "file": file, "import": "1"}
    )

    assert answer.status_code == 200
    assert reason in answer.content.decode()
    assert not Task.objects.filter(name="registry.import_assets").exists()


def test_an_import_is_shown_to_who_asked_for_it(client: Client, place: Workspace) -> None:
    page = send(client, ("assets.csv", RIGHT), **{"import": "1"})["Location"]
    other = browser(factories.member(place, "author"))

    assert other.get(page).status_code == 404
    assert "assets.csv" not in other.get(reverse("admin:console_imports")).content.decode()
    assert browser(factories.administrator()).get(page).status_code == 200
    reader = browser(factories.member(place, "reader"))
    assert "Import assets" not in reader.get(reverse("admin:console_imports")).content.decode()


def test_a_bundle_is_written_and_taken_in_elsewhere(
    client: Client, author: Actor, place: Workspace
) -> None:
    version = factories.make_prompt(place, actor=author)
    target = factories.make_workspace("annexe")
    factories.grant(author, target, "author")
    page = client.post(reverse("admin:console_bundle_export", args=[version.uuid]))["Location"]
    assert "It waits for a worker" in client.get(page).content.decode()
    finish_tasks()
    uuid = page.rstrip("/").rpartition("/")[2]
    content = f"/api/registry/bundles/{uuid}/content/"
    assert content in client.get(page).content.decode()
    answer: Any = client.get(content)
    body = answer.getvalue() if answer.streaming else answer.content

    def take(**said: str) -> str:
        given = {"workspace": "annexe", "bundle": SimpleUploadedFile("a.bundle", body), **said}
        asked = client.post(reverse("admin:console_bundle_import"), given)
        finish_tasks()
        return client.get(asked["Location"]).content.decode()

    assert "signed by a key that annexe trusts" in take(verify_only="on")
    assert not AssetVersion.objects.filter(asset__workspace=target).exists()
    name = f"annexe/prompt/{version.asset.name}/1"
    assert name in take()
    assert AssetVersion.objects.filter(asset__workspace=target).count() == 1
    assert "Your bundles" in client.get(reverse("admin:console_imports")).content.decode()
    assert browser(factories.member(place, "author")).get(page).status_code == 404


def test_what_is_no_bundle_is_told(client: Client) -> None:
    given = {"workspace": "atelier", "bundle": SimpleUploadedFile("a.bundle", b"no bundle")}
    asked = client.post(reverse("admin:console_bundle_import"), given)
    finish_tasks()

    told = client.get(asked["Location"]).content.decode()

    assert "Nothing was registered" in told
    assert "is not a whole, unchanged bundle" in told


def test_a_key_is_trusted_and_trusted_no_more(place: Workspace) -> None:
    admin = browser(factories.member(place, "admin"))
    page, trust = reverse("admin:console_trusted_keys"), reverse("admin:console_key_trust")
    given = {"workspace": "atelier", "name": "The other house"}

    wrong = admin.post(trust, {**given, "pem": "no key"}).content.decode()
    done = admin.post(trust, {**given, "pem": public_pem(Ed25519PrivateKey.generate())})

    key = TrustedKey.objects.get()
    end = reverse("admin:console_key_distrust", args=[key.uuid])
    assert "only Ed25519 keys bundles" in wrong
    assert done.status_code == 302
    assert key.fingerprint in admin.get(page).content.decode()
    assert end in admin.get(page).content.decode()
    reader = browser(factories.member(place, "reader"))
    assert end not in reader.get(page).content.decode()
    assert reader.post(end, {"reason": "mine"}).status_code == 200
    assert browser(factories.make_actor()).get(end).status_code == 404
    assert admin.post(end, {"reason": "It was lost."}).status_code == 302
    key.refresh_from_db()
    assert key.valid_to is not None
    assert end not in admin.get(page).content.decode()
