"""Fixtures: a policy is saved with examples that it passes, on every engine at hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from core.errors import InvalidInput, Unavailable
from core.journal import decode
from core.models import JournalEntry
from policies.engines.base import EngineUnavailable
from policies.models import Policy, PolicyFixture, PolicyVersion
from policies.packs.catalog import shipped
from policies.services import engine, packs, policies
from tests.factories import administrator
from tests.policies.estate import (
    CLOSED_FIXTURES,
    CLOSED_RULE,
    OPEN,
    WORKSPACE_TYPE,
    configuration_input,
    fixture,
    source,
)
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing

pytestmark = pytest.mark.django_db
KINDS = (f"configuration/{WORKSPACE_TYPE}",)
TEXT = source(CLOSED_RULE, package="closed", kinds=KINDS)
MENDING = TEXT.replace(
    f"#   input_kinds: [{KINDS[0]}]",
    f"#   input_kinds: [{KINDS[0]}]\n"
    "#   modify: [{op: replace, path: /properties/public, value: VALUE}]",
)
PASSES, FAILS, UNTOLD = CLOSED_FIXTURES


def create(fixtures: list[dict[str, Any]], *, text: str = TEXT) -> PolicyVersion:
    return policies.create_version(
        actor=administrator(), name="closed", source=text, fixtures=fixtures
    )


def refused(fixtures: list[dict[str, Any]], *, text: str = TEXT) -> dict[str, str]:
    """The reasons by field; nothing was stored."""
    with pytest.raises(InvalidInput) as caught:
        create(fixtures, text=text)
    assert not Policy.objects.exists()
    return {each.field: each.reason for each in caught.value.errors}


def changed(example: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(example) | changes


@pytest.mark.usefixtures("without_opa")
class TestWithTheEmbeddedEngine:
    def test_fixtures_are_stored_with_their_version(self) -> None:
        version = create(CLOSED_FIXTURES)

        stored = list(version.fixtures.order_by("id"))
        assert [(each.name, each.state) for each in stored] == [
            ("closed", "pass"),
            ("open", "fail"),
            ("untold", "unknown"),
        ]
        assert stored[1].input == FAILS["input"]
        told = decode(JournalEntry.objects.get(action="policies.policy.version_created"))["data"]
        assert told["fixtures"] == 3

    def test_a_stored_fixture_never_changes(self) -> None:
        create(CLOSED_FIXTURES)

        with pytest.raises(DatabaseError), transaction.atomic():
            PolicyFixture.objects.update(state="unknown")
        with pytest.raises(DatabaseError), transaction.atomic():
            PolicyFixture.objects.all()._raw_delete("default")

    def test_other_fixtures_make_another_version(self) -> None:
        create(CLOSED_FIXTURES)

        assert create(CLOSED_FIXTURES[:2]).number == 2

    @pytest.mark.parametrize(
        ("fixtures", "field", "told"),
        [
            ([], "fixtures", "are required"),
            ([PASSES], "fixtures", "none must fail"),
            ([FAILS, UNTOLD], "fixtures", "none must pass"),
            ([PASSES, FAILS, PASSES], "fixtures", "two have the name closed"),
            ([PASSES, FAILS] * 26, "fixtures", "at most 50"),
            ([PASSES, changed(FAILS, state="error")], "fixtures[1].state", "must be one of pass"),
            ([PASSES, changed(FAILS, name="a b")], "fixtures[1].name", "a-z and 0-9"),
            ([PASSES, changed(FAILS, input=[])], "fixtures[1].input", "must be an object"),
            ([PASSES, changed(FAILS, input={"a": 2**60})], "fixtures[1].input", "canonical"),
            ([PASSES, changed(FAILS, input={})], "fixtures[1].input", "schema must be one of"),
            (
                [PASSES, changed(FAILS, input=configuration_input(OPEN, now="today"))],
                "fixtures[1].input",
                "now: ",
            ),
            (
                [PASSES, changed(FAILS, input=configuration_input({"x": "y" * 300_000}))],
                "fixtures[1].input",
                "at most 262144",
            ),
            (
                [PASSES, FAILS, changed(UNTOLD, state="pass")],
                "fixtures[2].state",
                "untold must be pass, and regopy says unknown",
            ),
            (
                [changed(FAILS, state="pass"), changed(PASSES, state="fail")],
                "fixtures[0].state",
                "open must be pass, and regopy says fail: it is open",
            ),
        ],
    )
    def test_what_proves_nothing_is_refused_with_its_reason(
        self, fixtures: list[dict[str, Any]], field: str, told: str
    ) -> None:
        assert told in refused(fixtures)[field]

    def test_a_document_of_a_kind_that_the_policy_does_not_judge_is_refused(self) -> None:
        text = source(CLOSED_RULE, package="closed", kinds=("promotion",))

        assert "is a configuration" in refused(CLOSED_FIXTURES, text=text)["fixtures[0].input"]

    def test_a_remedy_must_mend_what_fails(self) -> None:
        version = create(CLOSED_FIXTURES, text=MENDING.replace("VALUE", "false"))

        assert version.described.modify[0]["value"] is False

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("VALUE", "true", "does not mend open: regopy says fail: it is open"),
            ("/properties/public", "/properties/none", "fits no failing fixture"),
        ],
    )
    def test_a_remedy_that_mends_nothing_is_refused(self, old: str, new: str, told: str) -> None:
        text = MENDING.replace(old, new).replace("VALUE", "false")

        assert told in refused(CLOSED_FIXTURES, text=text)["source"]

    def test_a_policy_that_runs_away_is_refused_and_nothing_hangs(self, settings: Any) -> None:
        settings.POLICY_TIMEOUT_SECONDS = 1
        text = TEXT + (
            "\nslow if {\n\tsome a in numbers.range(1, 3000)\n\tsome b in numbers.range(1, 3000)\n"
            "\ta * b == -1\n}\n"
        )
        text = text.replace("== false", "== false\n\tnot slow")

        assert (
            "closed must be pass, and regopy says error"
            in refused(CLOSED_FIXTURES, text=text)["fixtures[0].state"]
        )

    def test_without_any_engine_nothing_is_stored(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def none(*wanted: object) -> Any:
            raise EngineUnavailable("none")

        monkeypatch.setattr(engine, "_engines", {})
        monkeypatch.setattr(engine, "_start", none)

        with pytest.raises(Unavailable, match="no engine"):
            create(CLOSED_FIXTURES)
        assert not Policy.objects.exists()

    def test_shipped_policies_come_with_their_documents(self) -> None:
        packs.install(actor=administrator())

        for policy in shipped():
            version = PolicyVersion.objects.get(policy__name=f"{policy.pack}.{policy.name}")
            states = set(version.fixtures.values_list("state", flat=True))
            assert {"pass", "fail"} <= states, version


@pytest.mark.opa
def test_opa_is_asked_too_where_it_is_on_this_machine() -> None:
    try:
        opa_binary()
    except PartMissing as error:
        missing(str(error))
    # OPA makes this letter a k; the embedded engine, which would not, says error.
    text = TEXT.replace("== false", '== false\n\tlower(input.configuration.k) != "k"')
    document = {"properties": {"public": False}, "k": "\u212a"}

    with pytest.raises(InvalidInput) as caught:
        create([fixture("kelvin", "pass", configuration_input(document)), FAILS], text=text)

    reasons = [each.reason for each in caught.value.errors]
    assert [each for each in reasons if "kelvin must be pass, and opa-cli says unknown" in each]
