"""Registered models and their versions over MLflow's routes."""

from __future__ import annotations

from core.models import JournalEntry
from registry.models import Asset, AssetVersion, Workspace
from tests.factories import make_model, make_workspace
from tests.mlflow.client import Wire, read_tags, tags


def test_a_model_is_created_with_description_and_tags_and_shown_so(author: Wire) -> None:
    made = author.make_model("iris", description="Flowers", tags=tags(team="a"))

    shown = author.model("iris")

    assert made == shown
    assert (shown["name"], shown["description"]) == ("iris", "Flowers")
    assert read_tags(shown) == {"team": "a"}
    assert shown["latest_versions"] == []
    assert shown["aliases"] == []
    assert shown["creation_timestamp"] > 1_700_000_000_000


def test_a_taken_name_is_refused_in_the_words_that_clients_look_for(author: Wire) -> None:
    author.make_model("iris")

    status, code, message = author.refused("POST", "registered-models/create", name="iris")

    assert (status, code) == (400, "RESOURCE_ALREADY_EXISTS")
    assert message.startswith("Registered Model (name=iris) already exists.")


def test_a_missing_model_is_answered_in_the_words_that_clients_look_for(author: Wire) -> None:
    status, code, message = author.refused("GET", "registered-models/get", name="none")

    assert (status, code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert message == "Registered Model with name=none not found"


def test_a_version_keeps_its_source_its_run_and_who_registered_it(author: Wire) -> None:
    author.make_model("iris")

    made = author.make_version(
        "iris",
        "runs:/abc/model",
        run_id="abc",
        run_link="https://runs.example/abc",
        description="First",
        tags=tags(stage="x"),
    )

    assert (made["name"], made["version"], made["status"]) == ("iris", "1", "READY")
    assert (made["source"], made["run_id"]) == ("runs:/abc/model", "abc")
    assert made["run_link"] == "https://runs.example/abc"
    assert made["description"] == "First"
    assert made["user_id"] == AssetVersion.objects.get().created_by.username
    assert made["current_stage"] == "None"
    assert read_tags(made) == {"stage": "x"}
    assert author.version("iris", 1) == made
    assert author.model("iris")["latest_versions"] == [made]
    uri = author.ok("GET", "model-versions/get-download-uri", name="iris", version="1")
    assert uri == {"artifact_uri": "runs:/abc/model"}


def test_what_the_protocol_does_not_tell_is_stored_as_not_told(author: Wire) -> None:
    author.make_model("iris")
    author.make_version("iris")

    spec = AssetVersion.objects.get().spec.body

    assert spec["license"] == "NOASSERTION"
    assert spec["task"] == spec["source"]["provider"] == "unspecified"


def test_each_write_is_one_entry_of_the_journal(author: Wire, place: Workspace) -> None:
    author.make_model("iris", tags=tags(a="b"))
    author.make_version("iris", tags=tags(c="d"), description="First")
    author.ok("POST", "registered-models/set-tag", name="iris", key="e", value="f")
    author.ok("POST", "registered-models/alias", name="iris", alias="best", version="1")

    entries = JournalEntry.objects.filter(workspace=place.uuid, via="token").order_by("id")
    assert list(entries.values_list("action", flat=True)) == [
        "registry.asset.created",
        "registry.version.registered",
        "registry.asset_tag.set",
        "registry.alias.moved",
    ]


def test_descriptions_change_and_tags_come_and_go(author: Wire) -> None:
    author.make_model("iris")
    author.make_version("iris")
    both = {"name": "iris", "version": "1"}

    author.ok("PATCH", "registered-models/update", name="iris", description="New")
    author.ok("PATCH", "model-versions/update", **both, description="Newer")
    author.ok("POST", "model-versions/set-tag", **both, key="a.b", value="1")
    author.ok("POST", "registered-models/set-tag", name="iris", key="c/d", value="2")

    assert author.model("iris")["description"] == "New"
    assert author.version("iris", 1)["description"] == "Newer"
    assert read_tags(author.version("iris", 1)) == {"a.b": "1"}
    assert read_tags(author.model("iris")) == {"c/d": "2"}

    author.ok("DELETE", "model-versions/delete-tag", **both, key="a.b")
    author.ok("DELETE", "registered-models/delete-tag", name="iris", key="c/d")
    author.ok("DELETE", "registered-models/delete-tag", name="iris", key="never-there")

    assert author.version("iris", 1)["tags"] == author.model("iris")["tags"] == []


def test_renaming_keeps_the_former_name_as_a_way_to_the_model(admin: Wire) -> None:
    admin.make_model("iris")
    admin.make_version("iris")

    renamed = admin.ok("POST", "registered-models/rename", name="iris", new_name="flowers")

    assert renamed["registered_model"]["name"] == "flowers"
    assert admin.model("iris")["name"] == "flowers"
    assert admin.version("iris", 1)["name"] == "flowers"
    taken = admin.refused("POST", "registered-models/create", name="iris")
    assert taken[1] == "RESOURCE_ALREADY_EXISTS"


def test_a_number_is_never_given_twice_even_after_the_model_is_deleted(admin: Wire) -> None:
    admin.make_model("iris")
    admin.make_version("iris")
    admin.make_version("iris")
    admin.ok("DELETE", "model-versions/delete", name="iris", version="2")

    assert admin.make_version("iris")["version"] == "3"
    gone = admin.refused("GET", "model-versions/get", name="iris", version="2")
    assert gone[:2] == (404, "RESOURCE_DOES_NOT_EXIST")

    admin.ok("DELETE", "registered-models/delete", name="iris")
    assert admin.refused("GET", "registered-models/get", name="iris")[0] == 404
    admin.make_model("iris")

    assert admin.make_version("iris")["version"] == "4"
    assert admin.model("iris")["latest_versions"][0]["version"] == "4"


def test_what_came_by_another_door_is_shown_with_the_source_of_its_spec(
    author: Wire, place: Workspace
) -> None:
    make_model(place, name="hosted")

    assert author.version("hosted", 1)["source"] == "https://models.example/api"


def test_a_model_of_another_workspace_is_not_there(author: Wire) -> None:
    make_model(make_workspace(), name="elsewhere")

    assert author.refused("GET", "registered-models/get", name="elsewhere")[0] == 404


def test_names_and_versions_that_cannot_be_are_refused_and_leave_nothing(author: Wire) -> None:
    for name in ("", " ", "a/b", "a:b", "a\x00b", "x" * 300, 7, None, ["a"]):
        status, code, _ = author.refused("POST", "registered-models/create", name=name)
        assert (status, code) == (400, "INVALID_PARAMETER_VALUE"), name
    assert Asset.objects.count() == 0
    author.make_model("iris")
    for version in ("x", "1.0", "", "9" * 30, None, True):
        status, code, _ = author.refused(
            "PATCH", "model-versions/update", name="iris", version=version
        )
        assert (status, code) == (400, "INVALID_PARAMETER_VALUE"), version
