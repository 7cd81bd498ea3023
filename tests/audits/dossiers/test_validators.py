"""Each form in the hands of the validator that its own community uses."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audits.dossiers.formats import DOSSIER_FORMATS, formats_of
from audits.dossiers.signing import attestation_signer
from tests.audits.dossiers.conftest import Told
from tests.audits.dossiers.story import LETTERS
from tests.support.environments import environment
from tests.support.maven import jar
from tests.support.parts import PartMissing, missing

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier

pytestmark = [pytest.mark.slow, pytest.mark.interop]
SPDX_FILES = ("schema-v3.0.1.json", "spdx-context-v3.0.1.jsonld", "spdx-model-v3.0.1.jsonld")
SCRIPTS = Path(__file__).parent / "validators"


def judged(script: str, packages: list[str], *arguments: str, cwd: Path) -> Any:
    """What a script prints, in an environment with those packages."""
    name = packages[0].replace("==", "-").replace("[validation]", "")
    try:
        # What Croissant needs of it is published as source alone.
        folder = environment(name, packages, from_source=["jsonpath-rw"])
    except PartMissing as error:
        missing(str(error))
    done = subprocess.run(
        [str(folder / "bin" / "python"), str(SCRIPTS / script), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def written(folder: Path, dossiers: dict[str, Dossier], *forms: str) -> list[str]:
    """The names of files with each dossier in each of the forms."""
    names = []
    for name, dossier in dossiers.items():
        for form in forms:
            if form in formats_of(dossier.version.kind):
                path = f"{name}{DOSSIER_FORMATS[form].suffix}"
                (folder / path).write_bytes(DOSSIER_FORMATS[form].render(dossier))
                names.append(path)
    return names


def all_of(told: Told) -> dict[str, Dossier]:
    return {"own": told.own, "whole": told.whole, "data": told.data, "early": told.early}


def test_cyclonedx_fits_the_schemas_of_its_specification(told: Told, tmp_path: Path) -> None:
    names = written(tmp_path, all_of(told), "cyclonedx-1.6", "cyclonedx-1.7")
    broken = json.loads((tmp_path / names[0]).read_bytes())
    broken["metadata"]["component"]["modelCard"]["modelParameters"]["approach"] = {"type": "x"}
    (tmp_path / "broken.cdx.json").write_text(json.dumps(broken))

    found = judged(
        "cyclonedx_reads.py",
        ["cyclonedx-python-lib[validation]==11.12.0"],
        *names,
        "broken.cdx.json",
        cwd=tmp_path,
    )

    assert found.pop("broken.cdx.json") is not None
    assert len(found) == 8
    assert set(found.values()) == {None}


def test_attestations_verify_and_are_statements(told: Told, tmp_path: Path, settings: Any) -> None:
    settings.ATTESTATION_KEY_FILE = tmp_path / "attestations.key"
    public = attestation_signer().verifier.public.hex()
    names = written(tmp_path, all_of(told), "slsa-provenance", "promotion-evidence")
    packages = ["in-toto-attestation==0.9.3", "securesystemslib[crypto]==1.6.0"]

    found = judged("attestations_read.py", packages, public, *names, cwd=tmp_path)

    assert len(found) == 8
    assert all(len(each["verified_by"]) == 1 for each in found.values())
    assert "model.safetensors" in found["whole.slsa.dsse.json"]["subjects"]


def test_the_hub_reads_the_model_card(told: Told, tmp_path: Path) -> None:
    (name,) = written(tmp_path, {"whole": told.whole}, "model-card")

    card = judged("model_card_reads.py", ["huggingface_hub==2.4.0"], name, cwd=tmp_path)

    assert card["license"] == "apache-2.0"
    assert card["base_model"] == ["audit-dev/base"]
    assert card["results"] == [["accuracy", 0.91, "held-out"]]
    assert "## Intended uses" in card["text"]


def test_croissant_loads_the_rows_of_the_dataset(told: Told, tmp_path: Path) -> None:
    (tmp_path / "letters.jsonl").write_bytes(LETTERS)
    names = written(tmp_path, {"data": told.data}, "croissant-1.0", "croissant-1.1")

    found = judged("croissant_reads.py", ["mlcroissant==1.1.1"], *names, cwd=tmp_path)

    for name in names:
        assert (found[name]["errors"], found[name]["warnings"]) == ([], [])
        assert found[name]["rows"] == [
            {"rows/text": "My bin was not emptied.", "rows/urgent": False}
        ]


def test_spdx_is_of_its_model(told: Told, tmp_path: Path) -> None:
    names = written(tmp_path, all_of(told), "spdx-3.0.1")

    found = judged("spdx_reads.py", ["spdx-python-model==0.0.6"], *names, cwd=tmp_path)

    assert found["whole.spdx.json"]["models"] == ["base", "sorter"]
    assert found["whole.spdx.json"]["datasets"] == ["complaints", "held-out"]
    assert {each for one in found.values() for each in one["missing"]} == set()


def test_spdx_fits_the_schema_and_the_shapes_of_its_specification(
    told: Told, tmp_path: Path
) -> None:
    try:
        archive = jar("org.spdx", "spdx-v3jsonld-store", "1.0.1")
    except PartMissing as error:
        missing(str(error))
    with zipfile.ZipFile(archive) as opened:
        for name in SPDX_FILES:
            (tmp_path / name).write_bytes(opened.read(f"resources/{name}"))
    names = written(tmp_path, all_of(told), "spdx-3.0.1")
    for name, change in (("type", no_such_type), ("class", another_class)):
        document = json.loads((tmp_path / names[0]).read_bytes())
        change(document["@graph"])
        (tmp_path / f"{name}.json").write_text(json.dumps(document))

    packages = ["pyshacl==0.40.1", "jsonschema==4.26.0"]
    found = judged("spdx_fits.py", packages, ".", *names, "type.json", "class.json", cwd=tmp_path)

    assert found.pop("type.json")["schema"]
    assert found.pop("class.json")["shapes"]
    assert len(found) == 4
    for name, broken in found.items():
        assert broken == {"schema": [], "shapes": []}, name


def no_such_type(graph: list[dict[str, Any]]) -> None:
    next(each for each in graph if each["type"] == "ai_AIPackage")["type"] = "ai_AIModel"


def another_class(graph: list[dict[str, Any]]) -> None:
    """A relationship that says it was created by itself."""
    one = next(each for each in graph if each["type"] == "Relationship")
    info = next(each for each in graph if each["type"] == "CreationInfo")
    info["createdBy"] = [one["spdxId"]]
