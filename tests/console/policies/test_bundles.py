"""Policies are taken in and given out as bundles on a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from policies.bundles import archive
from policies.bundles.layout import bundle_bytes
from policies.models import Policy
from policies.services import exports
from tests.console.pages import browser
from tests.factories import administrator, make_workspace, member
from tests.policies.bundles.test_transfers import TEXT, forgotten, make_set
from tests.policies.conftest import without_opa  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]


@pytest.fixture
def admin() -> Client:
    return browser(administrator())


def send(client: Client, body: bytes, **said: str) -> str:
    given: dict[str, Any] = {"bundle": SimpleUploadedFile("base.tar.gz", body), **said}
    answer = client.post(reverse("admin:console_policy_bundles"), given)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_bundle_is_checked_and_then_imported(admin: Client) -> None:
    content = forgotten(bundle_bytes(exports.set_contents(make_set().policy_set.uuid)))

    checked = send(admin, content, check="1")
    assert "It may be imported" in checked
    assert "other.closed" in checked
    assert not Policy.objects.filter(name="other.closed").exists()
    assert "other.closed/1" in send(
        admin, content, reason="from the other house", **{"import": "1"}
    )
    assert Policy.objects.filter(name="other.closed").exists()
    assert "unchanged" in send(admin, content, **{"import": "1"})


def test_what_is_wrong_with_a_bundle_is_told_and_nothing_is_stored(admin: Client) -> None:
    bad = archive.build({"acme/bad/policy.rego": TEXT.encode()}, revision="1", roots=["acme"])

    told = send(admin, bad, **{"import": "1"})

    assert "Nothing was imported" in told
    assert "fixtures</code>" in told
    assert "are required" in told
    assert not Policy.objects.exists()
    assert "Nothing was imported" in send(admin, b"no archive", **{"import": "1"})
    empty = admin.post(reverse("admin:console_policy_bundles"), {"import": "1"})
    assert "This field is required" in empty.content.decode()


def test_whoever_reads_policies_takes_sets_out_and_only_administrators_bring_some_in() -> None:
    policy_set = make_set().policy_set
    client = browser(member(make_workspace(), "reader"))
    page = reverse("admin:console_policy_bundles")

    shown = client.get(page).content.decode()

    bundle = f"/api/policies/sets/{policy_set.uuid}/bundle/"
    assert bundle in shown
    assert archive.read(client.get(bundle).content).files
    assert 'name="import"' not in shown
    body = SimpleUploadedFile("x.tar.gz", b"x")
    refused = client.post(page, {"bundle": body, "import": "1"}, follow=True)
    assert "Imported" not in refused.content.decode()
