"""The page of a policy, and the playground."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from core.models import JournalEntry
from policies.models import PolicyVersion
from policies.services import policies, sets
from registry.models import Workspace
from tests import factories
from tests.console.pages import browser
from tests.policies.estate import (
    CLOSED_FIXTURES,
    CLOSED_RULE,
    OPEN,
    WORKSPACE_TYPE,
    assign,
    source,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
PLAYGROUND = "/admin/policies/playground/"
TEXT = source(CLOSED_RULE, package="closed", kinds=(f"configuration/{WORKSPACE_TYPE}",))


@pytest.fixture
def without_opa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_OPA", "/nonexistent/opa")


@pytest.fixture
def prod() -> Workspace:
    return factories.make_workspace("prod", stage="production")


@pytest.fixture
def version() -> PolicyVersion:
    return save(TEXT)


def save(text: str) -> PolicyVersion:
    return policies.create_version(
        actor=factories.administrator(), name="closed", source=text, fixtures=CLOSED_FIXTURES
    )


def address(version: PolicyVersion) -> str:
    return reverse("admin:policies_policy_change", args=[version.policy.pk])


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_policy_is_shown_with_what_it_says_and_where_it_holds(
    prod: Workspace, version: PolicyVersion
) -> None:
    assign(version, prod, "audit")
    sets.create_version(
        actor=factories.administrator(),
        name="base",
        title="Base",
        members=[{"policy": "closed", "effect": "warn"}],
    )

    shown = text_of(browser(factories.member(prod, "reader")).get(address(version)))

    assert "The policy closed" in shown
    assert "may audit or warn, never gate" in shown
    assert '<span id="L1"># METADATA</span>' in shown
    assert all(each["name"] in shown for each in CLOSED_FIXTURES)
    assert "workspace/prod" in shown
    assert "base/1" in shown
    assert "Run tests" not in shown


def test_versions_are_compared_line_by_line(prod: Workspace, version: PolicyVersion) -> None:
    save(f"{TEXT}# another line\n")
    client = browser(factories.member(prod, "reader"))

    shown = text_of(client.get(address(version), {"against": "1"}))
    older = text_of(client.get(address(version), {"version": "1"}))

    assert "<ins>+ # another line</ins>" in shown
    assert "closed/1" in older
    assert "# another line" not in older


def test_tests_and_fixtures_are_run_from_the_page(prod: Workspace, version: PolicyVersion) -> None:
    client = browser(factories.member(prod, "admin"))
    assert "Run tests" in text_of(client.get(address(version)))

    shown = text_of(client.post(address(version)))

    assert "all passed" in shown
    assert len(re.findall("as it must", shown)) == len(CLOSED_FIXTURES)
    assert "brings no tests of its own" in shown


def test_whoever_may_not_try_is_told_so(prod: Workspace, version: PolicyVersion) -> None:
    client = browser(factories.member(prod, "reader"))

    assert "needs an administrator" in text_of(client.post(address(version)))
    assert client.get(PLAYGROUND).status_code == 403
    assert PLAYGROUND not in text_of(client.get(address(version)))


def test_a_text_is_tried_on_a_configuration(prod: Workspace, version: PolicyVersion) -> None:
    snapshot = submit(prod, OPEN)
    hidden = submit(factories.make_workspace("hidden"), OPEN)
    client = browser(factories.member(prod, "admin"))

    empty = text_of(client.get(PLAYGROUND, {"version": str(version.uuid)}))
    journalled = JournalEntry.objects.count()
    printing = version.source.replace(
        "input.configuration.properties.public == false",
        'print("seen")\n\tinput.configuration.properties.public == false',
    )
    body = {"source": printing, "subject": f"snapshot:{snapshot.uuid}", "explain": "off"}
    shown = text_of(client.post(PLAYGROUND, body))

    assert f"snapshot:{snapshot.uuid}" in empty
    assert str(hidden.uuid) not in empty
    assert "closed" in empty
    assert "it is open" in shown
    assert "seen" in shown
    assert "print is refused" in shown
    assert JournalEntry.objects.count() == journalled


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"source": ""}, "required"),
        ({"document": "{"}, "not JSON"),
        ({"document": "[]"}, "must be an object"),
        ({"parameters": "7"}, "must be an object"),
        ({"source": "no policy"}, "package"),
        ({"subject": "snapshot:01a21c5c-087b-72fd-8b09-f00f2635a794"}, "no snapshot"),
        ({"subject": "snapshot:x"}, "one of snapshot"),
    ],
)
def test_what_cannot_be_tried_is_told_on_the_form(
    prod: Workspace, body: dict[str, str], told: str
) -> None:
    client = browser(factories.member(prod, "admin"))
    whole = {"source": TEXT, "document": "{}", "explain": "off"} | body

    answer = client.post(PLAYGROUND, whole)

    assert answer.status_code == 200
    assert told in text_of(answer)
