"""A dossier as a CycloneDX 1.6 or 1.7 ML-BOM (ECMA-424), written by hand.

Source: the JSON schemas of the specification. What the version was made of are components of
their own; ``muniment:`` properties hold what the specification has no place for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from audits.dossiers.licences import is_expression
from audits.dossiers.model_card import model_card
from core.canonical import canonical_json

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier
    from audits.dossiers.subjects import Artifact, Thing

TYPES = {
    "model": "machine-learning-model",
    "dataset": "data",
    "prompt": "data",
    "result": "data",
    "index": "data",
    "connection": "platform",
}
NOT_TOLD = "NOASSERTION"  # SPDX's word where nobody says, which is no licence here
DATA_TYPES = {"dataset": "dataset", "prompt": "definition"}


def render_1_6(dossier: Dossier) -> bytes:
    """Return the bill of materials in version 1.6."""
    return canonical_json(bom(dossier, "1.6"))


def render_1_7(dossier: Dossier) -> bytes:
    """Return the bill of materials in version 1.7."""
    return canonical_json(bom(dossier, "1.7"))


def bom(dossier: Dossier, spec_version: str) -> dict[str, Any]:
    """Return the document. Its serial number is the same for the same version, time and form."""
    named = f"{dossier.version.uri}#{dossier.as_of}#cyclonedx-{spec_version}"
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{spec_version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": spec_version,
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, named)}",
        "version": 1,
        "metadata": _metadata(dossier),
        "components": [component(each) for each in dossier.components[1:]],
        "dependencies": _dependencies(dossier),
        "compositions": [_composition(dossier)],
    }


def _metadata(dossier: Dossier) -> dict[str, Any]:
    phase = "operations" if any(each.until is None for each in dossier.deployments) else "build"
    return {
        "timestamp": dossier.as_of,
        "lifecycles": [{"phase": phase}],
        "tools": {"components": [{"type": "application", "name": "Muniment"}]},
        "component": _root(dossier),
        "properties": _properties(instance=dossier.instance, dossier=dossier.schema),
    }


def _root(dossier: Dossier) -> dict[str, Any]:
    version = dossier.version
    about = component(version)
    if version.kind == "model":
        about["modelCard"] = model_card(dossier)
    if "data" in about:
        owners = [_owner(each.name, each.is_group) for each in dossier.owners]
        about["data"][0]["governance"] = {"owners": owners}
    if dossier.tags:
        about["tags"] = [tag.label for tag in dossier.tags]
    bases = [each for role, each in dossier.linked(("fine_tuned_from", *_DERIVED))]
    if bases:
        about["pedigree"] = {"ancestors": [_ancestor(each) for each in bases]}
    about["properties"] += _standing(dossier)
    return about


_DERIVED = ("adapter_of", "distilled_from", "merged_from", "derived_from")


def _owner(name: str, is_group: bool) -> dict[str, Any]:
    return {"organization": {"name": name}} if is_group else {"contact": {"name": name}}


def component(thing: Thing) -> dict[str, Any]:
    """Return a version as a component; its artifacts are files inside of it."""
    found: dict[str, Any] = {
        "type": TYPES.get(thing.kind, "application"),
        "bom-ref": thing.uri,
        "group": thing.workspace,
        "name": thing.name,
        "version": str(thing.number),
        "properties": _properties(
            kind=thing.kind, reference=thing.reference, uuid=thing.uuid, digest=thing.digest
        ),
    }
    if text := thing.description or thing.stated("purpose"):
        found["description"] = text
    if thing.license not in {"", NOT_TOLD}:
        found["licenses"] = [_license(thing.license)]
    if provider := thing.stated("source", "provider"):
        found["supplier"] = {"name": provider}
    if found["type"] == "data":
        found["data"] = [_data(thing)]
    if thing.artifacts:
        found["components"] = [_file(each, of=thing) for each in thing.artifacts]
    if references := _external(thing):
        found["externalReferences"] = references
    return found


def _ancestor(thing: Thing) -> dict[str, Any]:
    """Return what a model was made from once more, without the names that stand for one place."""
    whole = component(thing)
    kept = ("type", "group", "name", "version", "description", "licenses", "supplier", "properties")
    return {key: whole[key] for key in kept if key in whole}


def _license(text: str) -> dict[str, Any]:
    return {"expression": text} if is_expression(text) else {"license": {"name": text}}


def _data(thing: Thing) -> dict[str, Any]:
    found: dict[str, Any] = {"type": DATA_TYPES.get(thing.kind, "other"), "name": thing.name}
    if uri := thing.stated("source", "uri"):
        found["contents"] = {"url": uri}
    personal = thing.content.get("personal_data", {})
    if personal.get("contains"):
        found["classification"] = "personal data"
        fields = [f["name"] for f in thing.content.get("fields", ()) if f.get("personal")]
        found["sensitiveData"] = fields or ["personal data"]
    elif personal:
        found["classification"] = "no personal data"
    if origin := thing.stated("source", "description"):
        found["description"] = origin
    return found


def _file(artifact: Artifact, *, of: Thing) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "file",
        "bom-ref": f"{of.uri}#{artifact.path}",
        "name": artifact.path,
        "hashes": [_hash(artifact.digest)],
    }
    if artifact.media_type:
        found["mime-type"] = artifact.media_type
    told: dict[str, str] = {}
    if artifact.size is not None:
        told["size"] = str(artifact.size)
    if artifact.look is not None:
        told |= {
            "scan:verdict": artifact.look.verdict,
            "scan:format": artifact.look.format,
            "scan:tool": artifact.look.tool,
            "scan:at": artifact.look.scanned_at,
        }
    if told:
        found["properties"] = _properties(**told)
    return found


def _hash(digest: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": digest.removeprefix("sha256:")}


def _external(thing: Thing) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"type": "distribution", "url": each.uri, "hashes": [_hash(each.digest)]}
        for each in thing.artifacts
        if "://" in each.uri
    ]
    for kind, path in (("website", ("source", "uri")), ("license", ("source", "terms"))):
        if (url := thing.stated(*path)) and thing.kind == "model":
            found.append({"type": kind, "url": url})
    if url := thing.stated("repository"):
        found.append({"type": "vcs", "url": url})
    return found


def _standing(dossier: Dossier) -> list[dict[str, str]]:
    serving = [each for each in dossier.deployments if each.until is None]
    told = [("stage", dossier.stage), ("lifecycle", dossier.lifecycle)]
    told += [("owner", each.name) for each in dossier.owners]
    told += [("alias", each.name) for each in dossier.aliases]
    told += [("deployment", f"{each.deployment} r{each.revision}") for each in serving]
    told += [("signature", f"{each.digest} {each.status}") for each in dossier.signatures]
    if brought := dossier.brought_by:
        told += [("promotion", brought.uuid), ("promotion:at", brought.completed_at)]
        consents = [each for each in brought.approvals if each.counts]
        told += [("promotion:approved-by", each.by.username) for each in consents]
    if dossier.provenance:
        told.append(("provenance", dossier.provenance.digest))
    return [{"name": f"muniment:{name}", "value": value} for name, value in told]


def _properties(**told: str) -> list[dict[str, str]]:
    return [{"name": f"muniment:{name}", "value": value} for name, value in told.items()]


def _dependencies(dossier: Dossier) -> list[dict[str, Any]]:
    return [
        {
            "ref": each.uri,
            "dependsOn": sorted(
                {link.target for link in dossier.relations if link.source == each.uri}
            ),
        }
        for each in dossier.components
    ]


def _composition(dossier: Dossier) -> dict[str, Any]:
    """Say that something was left out, or that nobody knows whether anything was."""
    known = dossier.is_complete and not dossier.hidden
    return {
        "aggregate": "unknown" if known else "incomplete",
        "assemblies": [dossier.version.uri],
        "dependencies": [dossier.version.uri],
    }
