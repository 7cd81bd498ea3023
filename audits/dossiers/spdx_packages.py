"""Versions as packages of SPDX 3.0.1: AI packages, dataset packages, and packages of software."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.canonical import canonical_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.dossiers.dossier import Dossier
    from audits.dossiers.subjects import Thing

PURPOSES = {"dataset": "data", "index": "data", "result": "evidence", "prompt": "specification"}


def package_of(thing: Thing, dossier: Dossier) -> dict[str, Any]:
    """Return a version as a package, without who made the record and who supplied it."""
    found: dict[str, Any] = {
        "type": "software_Package",
        "spdxId": f"urn:uuid:{thing.uuid}",
        "name": thing.name,
        "summary": f"{thing.kind} {thing.reference}",
        "software_packageVersion": str(thing.number),
        "software_primaryPurpose": PURPOSES.get(thing.kind, "application"),
        "software_downloadLocation": thing.stated("source", "uri") or thing.uri,
        "builtTime": f"{thing.created_at[:19]}Z",
        "releaseTime": f"{thing.created_at[:19]}Z",
        "verifiedUsing": [
            {
                "type": "Hash",
                "algorithm": "sha256",
                "hashValue": thing.digest.removeprefix("sha256:"),
                "comment": "Over the canonical description of the version and its artifacts.",
            }
        ],
        "externalIdentifier": [
            {"type": "ExternalIdentifier", "externalIdentifierType": "other", "identifier": name}
            for name in (thing.uri, thing.reference)
        ],
    }
    if text := thing.description or thing.stated("purpose"):
        found["description"] = text
    if thing.kind == "model":
        found |= _model(thing, dossier if thing.uri == dossier.version.uri else None)
    if thing.kind == "dataset":
        found |= _dataset(thing, dossier if thing.uri == dossier.version.uri else None)
    return found


def _model(thing: Thing, dossier: Dossier | None) -> dict[str, Any]:
    """Return what the AI profile adds; a card and measures only of what the dossier is about."""
    told = thing.content.get("hyperparameters", {})
    parameters = {name: _text(value) for name, value in told.items()}
    found: dict[str, Any] = {
        "type": "ai_AIPackage",
        "software_primaryPurpose": "model",
        "ai_domain": _some(thing.stated("task")),
        "ai_typeOfModel": _some(thing.stated("architecture")),
    }
    if dossier is not None:
        found |= _of_card(dossier)
        for run in dossier.runs:
            parameters |= {f"run {run.uuid}: {key}": value for key, value in run.parameters}
        found["ai_metric"] = _entries(_metrics(dossier))
        found["ai_useSensitivePersonalInformation"] = _personal(dossier.data)
    found["ai_hyperparameter"] = _entries(parameters.items())
    return {key: value for key, value in found.items() if value}


def _of_card(dossier: Dossier) -> dict[str, Any]:
    said = dossier.said
    limits = [said(name) for name in ("limitations", "out_of_scope_use", "bias") if said(name)]
    return {
        "ai_limitation": "\n\n".join(limits),
        "ai_informationAboutTraining": said("training_data"),
        "ai_informationAboutApplication": said("intended_use"),
        "comment": said("human_oversight") and f"Human oversight: {said('human_oversight')}",
    }


def _metrics(dossier: Dossier) -> Iterable[tuple[str, str]]:
    for each in dossier.measures:
        yield each.name, each.value
    for evaluation in dossier.judged:
        for each in evaluation.measures:
            yield f"{each.name} ({evaluation.result})", each.value


def _dataset(thing: Thing, dossier: Dossier | None) -> dict[str, Any]:
    content = thing.content
    collected = thing.stated("source", "description")
    if dossier is not None:
        collected = dossier.said("collection") or collected
    size = content.get("statistics", {}).get("bytes")
    found: dict[str, Any] = {
        "type": "dataset_DatasetPackage",
        "dataset_datasetType": ["structured" if content.get("fields") else "noAssertion"],
        "dataset_dataCollectionProcess": collected,
        "dataset_intendedUse": thing.stated("purpose"),
        "dataset_dataPreprocessing": _some(thing.stated("preparation")),
        "dataset_knownBias": _some(thing.stated("known_biases")),
        "dataset_anonymizationMethodUsed": _some(thing.stated("personal_data", "measures")),
        "dataset_hasSensitivePersonalInformation": _personal([thing]),
        "dataset_datasetSize": size,
    }
    return {key: value for key, value in found.items() if value}


def _personal(datasets: Iterable[Thing]) -> str:
    """Return whether any of the datasets holds personal data, as far as they all say."""
    said = [each.content.get("personal_data", {}).get("contains") for each in datasets]
    if any(said):
        return "yes"
    return "no" if said and None not in said else "noAssertion"


def _some(text: str) -> list[str]:
    return [text] if text else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical_bytes(value).decode()


def _entries(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"type": "DictionaryEntry", "key": key, "value": value} for key, value in pairs]
