"""Exports over HTTP and on the command line: what is in them, and what is not for whom."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lineage.exports import atlas, datahub, openmetadata
from lineage.exports.picture import Edge, Picture, Version
from registry.models import AssetVersion, Workspace
from tests import factories
from tests.lineage.steps import promote, tell

EXPORTS = "/api/lineage/exports/"
DATA = Version("a", "dev/dataset/t.x/1", "dev", "dataset", "t.x", 1, "sha256:aa", "development")
MODEL = Version("b", "dev/model/m/2", "dev", "model", "m", 2, "sha256:bb", aliases=("best",))
RUN = "01900000-0000-7000-8000-000000000001"
PICTURE = Picture("registry.example", (DATA, MODEL), (Edge("a", "b", "trained_on", RUN),))


def test_datahub_gets_the_platform_then_each_version_with_its_sources() -> None:
    proposals = datahub.document(PICTURE)

    assert [each["aspectName"] for each in proposals] == [
        "dataPlatformInfo",
        *("datasetProperties", "subTypes", "status") * 2,
        "upstreamLineage",
    ]
    urn = "urn:li:dataset:(urn:li:dataPlatform:muniment,dev/dataset/t.x/1,DEV)"
    assert proposals[1]["entityUrn"] == urn
    (upstream,) = json.loads(proposals[-1]["aspect"]["value"])["upstreams"]
    assert (upstream["dataset"], upstream["type"]) == (urn, "TRANSFORMED")
    assert upstream["properties"] == {"relation": "trained_on", "run": RUN}


def test_openmetadata_gets_services_entities_and_edges_in_this_order() -> None:
    requests = openmetadata.document(PICTURE)["requests"]

    assert [each["path"] for each in requests] == [
        "/api/v1/services/mlmodelServices",
        "/api/v1/services/storageServices",
        "/api/v1/containers",
        "/api/v1/mlmodels",
        "/api/v1/lineage/container/name/muniment_registry_example.%22dev%2Fdataset%2Ft.x%2F1%22"
        "/mlmodel/name/muniment_registry_example.dev%2Fmodel%2Fm%2F2",
    ]


def test_a_name_that_is_too_long_for_openmetadata_is_cut_and_stays_unique() -> None:
    long = [
        Version(str(n), "r", "dev", "model", "x" * 250 + str(n), 1, "sha256:aa") for n in range(2)
    ]

    requests = openmetadata.document(Picture("i", tuple(long), ()))["requests"]

    names = [each["body"]["name"] for each in requests[2:]]
    assert len(set(names)) == 2
    assert max(map(len, names)) <= 256


def test_atlas_gets_a_process_between_versions_that_names_both() -> None:
    document = atlas.document(PICTURE)

    data, model, process = document["entities"]
    assert (data["guid"], model["guid"], process["guid"]) == ("-1", "-2", "-3")
    attributes = process["attributes"]
    assert attributes["qualifiedName"] == f"muniment://registry.example/dev/model/m/2#{RUN}"
    assert [each["guid"] for each in attributes["inputs"]] == ["-1"]
    assert [each["guid"] for each in attributes["outputs"]] == ["-2"]
    types = {each["name"]: each for each in document["typedefs"]["entityDefs"]}
    for entity in document["entities"]:
        known = {each["name"] for each in types[entity["typeName"]]["attributeDefs"]}
        inherited = {"qualifiedName", "name", "inputs", "outputs"}
        assert set(entity["attributes"]) <= known | inherited


@pytest.fixture
def copy(dev: Workspace) -> AssetVersion:
    """A promoted model whose data lies in another workspace."""
    data = factories.make_dataset(factories.make_workspace("secret"), name="hidden")
    model = factories.make_model(dev, trained_on=[data], name="bot")
    made = promote(model, factories.make_workspace("staging", stage="staging")).target_version
    assert made is not None
    tell()
    return made


@pytest.mark.parametrize("target", ["datahub", "openmetadata", "atlas"])
def test_a_version_that_the_caller_may_not_see_has_no_place_in_an_export(
    copy: AssetVersion, dev: Workspace, target: str
) -> None:
    reader = factories.token_client(factories.member(dev, "reader"))
    admin = factories.token_client(factories.administrator())
    query = {"node": "dev/model/bot/1"}

    seen = admin.get(f"{EXPORTS}{target}/", query)
    answer = reader.get(f"{EXPORTS}{target}/", query)

    assert answer.status_code == 200, answer.content
    assert answer["Muniment-Partial"] == "false"
    assert int(answer["Muniment-Hidden-Versions"]) == 2
    assert "secret" not in answer.content.decode()
    assert "secret/dataset/hidden" in seen.content.decode().replace("%2F", "/")
    assert seen["Muniment-Hidden-Versions"] == "0"


def test_an_export_that_stops_at_a_depth_says_so(copy: AssetVersion) -> None:
    admin = factories.token_client(factories.administrator())
    query: dict[str, Any] = {"node": "staging/model/bot/1", "depth": 1, "direction": "upstream"}

    answer = admin.get(f"{EXPORTS}datahub/", query)

    assert answer["Muniment-Partial"] == "true"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing/?node=dev/model/bot/1", 404),
        ("atlas/?node=dev/model/none/1", 404),
        ("atlas/", 400),
        ("atlas/?node=dev/model/bot/1&depth=x", 400),
    ],
)
def test_what_cannot_be_exported_is_refused(copy: AssetVersion, path: str, status: int) -> None:
    admin = factories.token_client(factories.administrator())

    assert admin.get(EXPORTS + path).status_code == status


def test_the_command_writes_what_the_address_answers(copy: AssetVersion) -> None:
    admin = factories.administrator()
    assert admin.user is not None
    out = io.StringIO()

    call_command(
        "export_lineage", "atlas", "dev/model/bot/1", "--account", admin.user.username, stdout=out
    )

    answer = factories.token_client(admin).get(f"{EXPORTS}atlas/", {"node": "dev/model/bot/1"})
    assert json.loads(out.getvalue()) == answer.json()


def test_the_command_says_why_it_cannot(copy: AssetVersion) -> None:
    admin = factories.administrator()
    assert admin.user is not None

    with pytest.raises(CommandError):
        call_command("export_lineage", "atlas", "dev/model/no/1", "--account", admin.user.username)
