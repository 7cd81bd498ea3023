"""Each form says what the records say, in its own words, and the same bytes each time."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audits.dossiers.formats import DOSSIER_FORMATS, formats_of
from audits.dossiers.licences import is_expression
from audits.dossiers.signing import PAYLOAD_TYPE, attestation_signer, encoded
from core.plain_yaml import loads
from tests.audits.dossiers.conftest import Told

COPY = "muniment://localhost/audit-prod/model/sorter/1"
DATA = "muniment://localhost/audit-dev/dataset/complaints/1"
BASE = "muniment://localhost/audit-dev/model/base/1"
HELD_OUT = "muniment://localhost/audit-dev/dataset/held-out/1"


@pytest.fixture(autouse=True)
def _key(settings: Any, tmp_path: Path) -> None:
    settings.ATTESTATION_KEY_FILE = tmp_path / "attestations.key"


def rendered(dossier: Any, name: str) -> Any:
    return json.loads(DOSSIER_FORMATS[name].render(dossier))


def statement(dossier: Any, name: str) -> Any:
    """What an envelope holds, once its signature is verified."""
    envelope = rendered(dossier, name)
    payload = base64.b64decode(envelope["payload"])
    (signature,) = envelope["signatures"]
    key = attestation_signer().verifier
    assert key.signed(encoded(PAYLOAD_TYPE, payload), base64.b64decode(signature["sig"]))
    assert key.encoded().startswith(signature["keyid"])
    return json.loads(payload)


def test_equal_dossiers_are_equal_bytes_in_every_form(told: Told) -> None:
    for dossier in (told.own, told.whole, told.data, told.early):
        for name, form in formats_of(dossier.version.kind).items():
            assert form.render(dossier) == form.render(replace(dossier)), name


def test_what_applies_follows_from_the_kind() -> None:
    assert {"model-card", "annex-iv"} <= set(formats_of("model"))
    assert not {"model-card", "annex-iv"} & set(formats_of("dataset"))
    assert {"croissant-1.0", "croissant-1.1"} <= set(formats_of("dataset"))
    assert {"cyclonedx-1.6", "spdx-3.0.1", "slsa-provenance"} <= set(formats_of("prompt"))


def test_suffixes_tell_the_files_of_one_version_apart() -> None:
    suffixes = [form.suffix for form in DOSSIER_FORMATS.values()]

    assert len(set(suffixes)) == len(suffixes)


@pytest.mark.parametrize("form", ["cyclonedx-1.6", "cyclonedx-1.7"])
def test_cyclonedx_has_the_model_its_sources_and_its_card(told: Told, form: str) -> None:
    bom = rendered(told.whole, form)
    root = bom["metadata"]["component"]
    card = root["modelCard"]
    components = {each["bom-ref"]: each for each in bom["components"]}

    assert f"cyclonedx-{bom['specVersion']}" == form
    assert (root["type"], root["bom-ref"]) == ("machine-learning-model", COPY)
    assert root["components"][0]["hashes"][0]["alg"] == "SHA-256"
    assert root["licenses"] == [{"expression": "Apache-2.0"}]
    assert set(components) == {DATA, BASE, HELD_OUT}
    assert components[DATA]["data"][0]["sensitiveData"] == ["text"]
    assert {"ref": DATA} in card["modelParameters"]["datasets"]
    assert card["considerations"]["technicalLimitations"] == ["It fails on dialects."]
    metrics = {each["type"]: each for each in card["quantitativeAnalysis"]["performanceMetrics"]}
    assert metrics["accuracy"]["value"] == "0.91"
    assert HELD_OUT in metrics["accuracy"]["slice"]
    depends = {each["ref"]: each["dependsOn"] for each in bom["dependencies"]}
    assert depends[COPY] == [DATA, BASE]
    assert [each["name"] for each in root["pedigree"]["ancestors"]] == ["base"]


def test_cyclonedx_says_that_something_is_left_out(told: Told) -> None:
    assert rendered(told.own, "cyclonedx-1.6")["compositions"][0]["aggregate"] == "unknown"
    partly = replace(told.own, hidden=1)
    assert rendered(partly, "cyclonedx-1.6")["compositions"][0]["aggregate"] == "incomplete"


def test_the_provenance_names_run_and_sources_by_their_digests(told: Told) -> None:
    said = statement(told.whole, "slsa-provenance")
    definition = said["predicate"]["buildDefinition"]
    used = {each["name"]: each.get("digest") for each in definition["resolvedDependencies"]}

    assert said["predicateType"] == "https://slsa.dev/provenance/v1"
    assert [each["name"] for each in said["subject"]] == [COPY, "model.safetensors"]
    digest = told.whole.by_uri[DATA].digest.removeprefix("sha256:")
    assert used["audit-dev/dataset/complaints/1"] == {"sha256": digest}
    assert "audit-dev/model/base/1" in used
    assert definition["externalParameters"]["runs"][0]["parameters"] == {"epochs": "3"}
    assert said["predicate"]["runDetails"]["metadata"]["invocationId"] == told.whole.runs[0].uuid


def test_the_promotion_is_attested_with_who_approved_and_what_proves_it(told: Told) -> None:
    predicate = statement(told.own, "promotion-evidence")["predicate"]
    (promotion,) = predicate["promotions"]

    assert promotion["approvals"][0]["by"]["username"] == "an-approver"
    assert {each["uuid"] for each in predicate["entries"]} == set(promotion["entries"])
    assert statement(told.early, "promotion-evidence")["predicate"]["promotions"] == []


def test_an_envelope_that_was_changed_does_not_verify(told: Told) -> None:
    envelope = rendered(told.whole, "slsa-provenance")
    payload = base64.b64decode(envelope["payload"]).replace(b"finished", b"finishee")
    signature = base64.b64decode(envelope["signatures"][0]["sig"])

    assert b"finishee" in payload
    assert not attestation_signer().verifier.signed(encoded(PAYLOAD_TYPE, payload), signature)


def test_the_model_card_has_metadata_and_shows_text_as_it_is(told: Told) -> None:
    _, front, body = DOSSIER_FORMATS["model-card"].render(told.whole).decode().split("---\n", 2)
    metadata: Any = loads(front)

    assert metadata["license"] == "apache-2.0"
    assert metadata["base_model"] == ["audit-dev/base"]
    assert metadata["datasets"] == ["audit-dev/complaints"]
    (result,) = metadata["model-index"][0]["results"]
    assert result["metrics"][0]["value"] == 0.91
    assert "&lt;b&gt;complaints" in body
    assert "<b>" not in body
    assert "*Not recorded.*" in body


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_croissant_has_what_its_specification_requires(told: Told, version: str) -> None:
    data = rendered(told.data, f"croissant-{version}")
    required = ("@context", "@type", "name", "description", "license", "url", "creator")

    assert all(data[name] for name in (*required, "datePublished", "version", "citeAs"))
    assert f"http://mlcommons.org/croissant/{version}" in data["conformsTo"]
    assert data["license"] == "https://spdx.org/licenses/CC-BY-4.0.html"
    (file,) = data["distribution"]
    assert file["sha256"] == told.data.version.artifacts[0].digest.removeprefix("sha256:")
    (rows,) = data["recordSet"]
    assert [(each["name"], each["dataType"]) for each in rows["field"]] == [
        ("text", "sc:Text"),
        ("urgent", "sc:Boolean"),
    ]
    assert "Names are masked." in data["rai:personalSensitiveInformation"]


def test_spdx_relates_the_model_to_its_data(told: Told) -> None:
    graph = rendered(told.whole, "spdx-3.0.1")["@graph"]
    by_id = {each.get("spdxId"): each for each in graph}
    told_of = {
        (by_id[each["from"]]["name"], each["relationshipType"], by_id[target]["name"])
        for each in graph
        if each["type"] == "Relationship"
        for target in each["to"]
        if target in by_id and "name" in by_id[target]
    }

    assert ("sorter", "trainedOn", "complaints") in told_of
    assert ("sorter", "testedOn", "held-out") in told_of
    assert ("sorter", "descendantOf", "base") in told_of
    assert ("sorter", "hasDataFile", "model.safetensors") in told_of
    package = by_id[f"urn:uuid:{told.whole.version.uuid}"]
    assert package["type"] == "ai_AIPackage"
    assert {"type": "DictionaryEntry", "key": "epochs", "value": "3"} in package[
        "ai_hyperparameter"
    ]
    assert package["ai_useSensitivePersonalInformation"] == "yes"


@pytest.mark.parametrize("text", ["MIT", "Apache-2.0 OR MIT", "(MIT AND GPL-2.0+) OR LicenseRef-x"])
def test_licences_that_are_expressions(text: str) -> None:
    assert is_expression(text)


@pytest.mark.parametrize("text", ["", "our own terms", "MIT AND", "(MIT", "MIT/Apache-2.0"])
def test_texts_that_are_no_expressions(text: str) -> None:
    assert not is_expression(text)
