"""Policy sets: what members and groups say for themselves."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import Conflict, InvalidInput
from core.journal import decode
from core.models import JournalEntry
from policies.models import PolicySetVersion, PolicyVersion
from policies.services import assignments, sets
from policies.services.terms import Terms
from tests.factories import administrator, make_workspace, token_client
from tests.policies.estate import CLOSED_RULE, WORKSPACE_TYPE, make_policy, source, store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]


@pytest.fixture
def bounded() -> PolicyVersion:
    """A policy whose parameter ``least`` is a number of at least 1."""
    text = source(
        CLOSED_RULE,
        package="bounded",
        kinds=(f"configuration/{WORKSPACE_TYPE}",),
        parameters=("least",),
    ).replace(
        "least: A parameter.",
        "least: {description: A parameter., schema: {type: integer, minimum: 1}}",
    )
    return store("bounded", text)


def create(*members: dict[str, Any], **more: Any) -> PolicySetVersion:
    return sets.create_version(
        actor=administrator(), name="base", title="Base", members=members, **more
    )


def test_a_member_overrides_effect_and_parameters_and_maps_controls(bounded: PolicyVersion) -> None:
    version = create(
        {
            "policy": "bounded",
            "effect": "warn",
            "parameters": {"least": 3},
            "controls": ["own/1"],
            "group": "network",
        },
        groups=[{"name": "network", "title": "Network", "controls": ["frame/9"]}],
    )

    member = version.members.get()
    assert (member.effect, member.parameters, member.group) == ("warn", {"least": 3}, "network")
    assert member.all_controls == ["frame/9", "own/1", "test/control-1"]
    assert version.groups == [{"name": "network", "title": "Network", "controls": ["frame/9"]}]
    (told,) = decode(JournalEntry.objects.get(action="policies.set.version_created"))["data"][
        "members"
    ]
    assert (told["reference_id"], told["effect"]) == ("bounded", "warn")


def test_whatever_a_member_says_makes_another_version(bounded: PolicyVersion) -> None:
    plain = create({"policy": "bounded"})
    with pytest.raises(Conflict):
        create({"policy": "bounded", "effect": "", "parameters": {}})

    digests = {
        plain.digest,
        create({"policy": "bounded", "effect": "audit"}).digest,
        create({"policy": "bounded", "parameters": {"least": 2}}).digest,
        create({"policy": "bounded", "controls": ["a/1"]}).digest,
        create({"policy": "bounded"}, groups=[{"name": "g"}]).digest,
        create({"policy": "bounded", "group": "g"}, groups=[{"name": "g"}]).digest,
    }

    assert len(digests) == 6


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize(
    ("member", "groups", "field", "told"),
    [
        ({"effect": "explode"}, [], "members[0].effect", "must be one of"),
        ({"effect": "deny"}, [], "members[0].effect", "OPA has not compiled"),
        ({"parameters": {"most": 1}}, [], "members[0].parameters", "knows no parameter 'most'"),
        ({"parameters": {"least": 0}}, [], "members[0].parameters.least", "minimum"),
        ({"controls": ["a", "a"]}, [], "members[0].controls", "each of them once"),
        ({"controls": [" "]}, [], "members[0].controls", "1 to 200"),
        ({"group": "none"}, [], "members[0].group", "no group 'none'"),
        ({}, [{"name": "g"}, {"name": "g"}], "groups[1].name", "stands twice"),
        ({}, [{"name": "A b"}], "groups[0].name", "a-z"),
    ],
)
def test_what_a_member_may_not_say_is_refused_with_its_place(
    member: dict[str, Any],
    groups: list[dict[str, Any]],
    field: str,
    told: str,
) -> None:
    with pytest.raises(InvalidInput) as caught:
        create({"policy": "bounded"} | member, groups=groups)

    assert caught.value.errors[0].field == field
    assert told in caught.value.errors[0].reason
    assert not PolicySetVersion.objects.exists()


def test_a_member_that_opa_has_checked_may_gate() -> None:
    policy = make_policy(checked=True)

    assert create({"policy": policy.reference, "effect": "deny"}).members.get().effect == "deny"


@pytest.mark.parametrize("value", [0, "many", None, 1.5])
def test_parameters_of_an_assignment_fit_their_schema(bounded: PolicyVersion, value: Any) -> None:
    workspace, chosen = make_workspace(), create({"policy": "bounded"})

    def assign(parameters: dict[str, Any], **of: Any) -> None:
        assignments.assign(
            actor=administrator(),
            scope=f"workspace/{workspace.slug}",
            terms=Terms(effect="audit", parameters=parameters),
            **of,
        )

    with pytest.raises(InvalidInput) as of_policy:
        assign({"least": value}, policy="bounded")
    with pytest.raises(InvalidInput) as of_set:
        assign({"bounded": {"least": value}}, policy_set=chosen.reference)
    assign({"least": 7}, policy="bounded")

    assert of_policy.value.errors[0].field == "parameters.least"
    assert of_set.value.errors[0].field == "parameters.bounded.least"


def test_sets_are_shown_with_what_their_members_say(bounded: PolicyVersion) -> None:
    client = token_client(administrator())
    body = {
        "name": "base",
        "title": "Base",
        "groups": [{"name": "g", "controls": ["frame/1"]}],
        "members": [
            {"policy": "bounded", "effect": "audit", "parameters": {"least": 2}, "group": "g"}
        ],
    }

    made = client.post("/api/policies/sets/", body)

    assert made.status_code == 201, made.content
    told = made.json()
    assert told["groups"] == [{"name": "g", "title": "", "controls": ["frame/1"]}]
    (member,) = told["members"]
    assert (member["effect"], member["parameters"]) == ("audit", {"least": 2})
    assert member["all_controls"] == ["frame/1", "test/control-1"]
