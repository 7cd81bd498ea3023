"""Aliases, stages and deletion over the protocol meet the same gates as everywhere."""

from __future__ import annotations

import pytest

from core.models import JournalEntry
from registry.models import AliasMove, Tombstone, VersionOrigin, Workspace
from tests.factories import member
from tests.mlflow.client import Wire

ALIAS = "registered-models/alias"


@pytest.fixture
def two(author: Wire) -> Wire:
    """A model of two versions."""
    author.make_model("iris")
    author.make_version("iris", run_id="r1")
    author.make_version("iris", run_id="r2")
    return author


def stage(wire: Wire, version: int, to: str, **more: object) -> str:
    route = "model-versions/transition-stage"
    moved = wire.ok("POST", route, name="iris", version=str(version), stage=to, **more)
    found: str = moved["model_version"]["current_stage"]
    return found


def stages(wire: Wire) -> list[str]:
    return [wire.version("iris", number)["current_stage"] for number in (1, 2)]


def test_an_alias_moves_with_its_history_and_goes(two: Wire) -> None:
    two.ok("POST", ALIAS, name="iris", alias="best", version="1")
    two.ok("POST", ALIAS, name="iris", alias="best", version="2")
    found = two.ok("GET", ALIAS, name="iris", alias="best")["model_version"]
    assert (found["version"], found["aliases"]) == ("2", ["best"])
    assert two.model("iris")["aliases"] == [{"alias": "best", "version": "2"}]

    two.ok("DELETE", ALIAS, name="iris", alias="best")
    two.ok("DELETE", ALIAS, name="iris", alias="best")

    status, code, message = two.refused("GET", ALIAS, name="iris", alias="best")
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
    assert message == "Registered model alias best not found."
    assert AliasMove.objects.filter(name="best").count() == 3


def test_latest_is_the_newest_version_and_no_alias(two: Wire) -> None:
    found = two.ok("GET", ALIAS, name="iris", alias="latest")["model_version"]

    assert found["version"] == "2"
    for reserved in ("latest", "7", "a/b", ""):
        refusal = two.refused("POST", ALIAS, name="iris", alias=reserved, version="1")
        assert refusal[:2] == (400, "INVALID_PARAMETER_VALUE"), reserved


@pytest.mark.parametrize("spelling", ["production", "Production", "PRODUCTION"])
def test_a_protected_alias_does_not_move_for_its_author(two: Wire, spelling: str) -> None:
    status, code, message = two.refused("POST", ALIAS, name="iris", alias=spelling, version="1")

    assert (status, code) == (403, "PERMISSION_DENIED")
    assert "move_protected_alias" in message
    assert JournalEntry.objects.filter(action="core.access.denied").count() == 1


def test_staging_and_production_are_aliases_and_archived_is_a_state(two: Wire, admin: Wire) -> None:
    assert stage(two, 1, "Staging") == "Staging"
    assert two.version("iris", 1)["aliases"] == ["staging"]
    assert stage(admin, 1, "production") == "Production"
    assert two.version("iris", 1)["aliases"] == ["production"]
    assert stage(admin, 2, "Production", archive_existing_versions=True) == "Production"
    assert stages(two) == ["Archived", "Production"]
    assert stage(admin, 1, "None") == "None"
    assert stage(admin, 2, "Archived") == "Archived"
    assert two.model("iris")["aliases"] == []


def test_a_stage_meets_the_protection_of_its_alias(two: Wire) -> None:
    route = "model-versions/transition-stage"
    for to in ("Production", "Archived"):
        refusal = two.refused("POST", route, name="iris", version="1", stage=to)
        assert refusal[:2] == (403, "PERMISSION_DENIED"), to
    assert two.refused("POST", route, name="iris", version="1", stage="Testing")[0] == 400
    assert stages(two) == ["None", "None"]


def test_a_refused_step_undoes_the_steps_before_it(two: Wire, place: Workspace) -> None:
    stage(two, 1, "Staging")

    two.refused(
        "POST",
        "model-versions/transition-stage",
        name="iris",
        version="2",
        stage="Staging",
        archive_existing_versions=True,
    )

    assert stages(two) == ["Staging", "None"]


def test_the_latest_versions_are_the_newest_of_each_stage(two: Wire, admin: Wire) -> None:
    stage(two, 1, "Staging")
    two.make_version("iris")
    route = "registered-models/get-latest-versions"

    every = two.ok("POST", route, name="iris")["model_versions"]
    staging = two.ok("GET", route, name="iris", stages=["Staging"])["model_versions"]

    assert sorted(one["version"] for one in every) == ["1", "3"]
    assert [one["version"] for one in staging] == ["1"]
    assert two.refused("POST", route, name="iris", stages=["Nowhere"])[0] == 400


def test_what_an_alias_points_at_is_not_deleted_and_its_evidence_stays(
    two: Wire, admin: Wire, place: Workspace
) -> None:
    admin.ok("POST", ALIAS, name="iris", alias="production", version="2")
    both = {"name": "iris", "version": "2"}

    status, code, message = admin.refused("DELETE", "model-versions/delete", **both)
    assert (status, code) == (409, "RESOURCE_CONFLICT")
    assert "production" in message
    assert admin.ok("GET", ALIAS, name="iris", alias="production")

    rule = Workspace.DeleteRule.MOVE_ALIASES_TO_NONE
    Workspace.objects.filter(pk=place.pk).update(delete_rule=rule)
    admin.ok("DELETE", "model-versions/delete", **both)

    last = AliasMove.objects.order_by("-id").first()
    assert last is not None
    assert (last.name, last.to_version) == ("production", None)
    tombstone = Tombstone.objects.select_related("version").get()
    origin = VersionOrigin.objects.get(version=tombstone.version)
    assert (tombstone.digest, origin.run_id) == (tombstone.version.digest, "r2")
    assert "no reason" in tombstone.reason


def test_a_deployer_moves_aliases_and_registers_nothing(two: Wire, place: Workspace) -> None:
    deployer = Wire(member(place, "deployer"), place)

    deployer.ok("POST", ALIAS, name="iris", alias="best", version="1")
    assert deployer.refused("POST", "model-versions/create", name="iris", source="s3://a")[0] == 403
