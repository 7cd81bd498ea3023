"""A dossier as in-toto attestations: how the version was made (SLSA provenance v1), and what let it
where it is (a predicate of our own). Each is a statement in a signed DSSE envelope.

Sources: in-toto Attestation Framework v1, SLSA provenance v1. No SLSA level is claimed: whoever
registered a version told how it was made, and Muniment attests that they did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from audits.dossiers.signing import attestation_signer, enveloped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from audits.dossiers.dossier import Dossier
    from audits.dossiers.subjects import Thing

STATEMENT = "https://in-toto.io/Statement/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"
PROMOTION = "urn:muniment:predicate:promotion:1"
REGISTERED = "urn:muniment:build:registration:1"
RAN = "urn:muniment:build:run:1"


def render_provenance(dossier: Dossier) -> bytes:
    """Return the signed SLSA provenance."""
    return enveloped(provenance_statement(dossier), signer=attestation_signer())


def render_promotion(dossier: Dossier) -> bytes:
    """Return the signed statement of what let the version where it is."""
    return enveloped(promotion_statement(dossier), signer=attestation_signer())


def provenance_statement(dossier: Dossier) -> dict[str, Any]:
    """Return the statement: made by a run where one is on record, else registered as it was."""
    runs = dossier.runs
    definition: dict[str, Any] = {
        "buildType": RAN if runs else REGISTERED,
        "externalParameters": _parameters(dossier),
        "resolvedDependencies": _dependencies(dossier),
    }
    details: dict[str, Any] = {
        "builder": {"id": f"muniment://{dossier.instance}"},
        "metadata": {"invocationId": runs[0].uuid if runs else dossier.version.uuid},
        "byproducts": [
            {"uri": each.result, "digest": _digest(each.digest)} for each in dossier.judged
        ],
    }
    if runs:
        details["metadata"]["startedOn"] = runs[0].started_at
        if runs[-1].ended_at:
            details["metadata"]["finishedOn"] = runs[-1].ended_at
    return _statement(dossier, PROVENANCE, {"buildDefinition": definition, "runDetails": details})


def promotion_statement(dossier: Dossier) -> dict[str, Any]:
    """Return the statement: promotions with verdicts, approvals and decisions, the digest of the
    provenance that was frozen, and the journal entries that prove it."""
    named = {uuid for promotion in dossier.promotions for uuid in promotion.entries}
    predicate = {
        "version": {
            "uri": dossier.version.uri,
            "uuid": dossier.version.uuid,
            "digest": _digest(dossier.version.digest),
        },
        "as_of": dossier.as_of,
        "workspace": dossier.workspace,
        "stage": dossier.stage,
        "lifecycle": dossier.lifecycle,
        "aliases": [each.name for each in dossier.aliases],
        "promotions": msgspec.to_builtins(dossier.promotions),
        "provenance": _digest(dossier.provenance.digest) if dossier.provenance else None,
        "exemptions": msgspec.to_builtins(dossier.exemptions),
        "entries": [msgspec.to_builtins(each) for each in dossier.entries if each.uuid in named],
    }
    return _statement(dossier, PROMOTION, predicate)


def _statement(dossier: Dossier, kind: str, predicate: Mapping[str, Any]) -> dict[str, Any]:
    """The first subject is the version itself, whose digest is over its canonical description;
    the others are its artifacts."""
    version = dossier.version
    subjects = [{"name": version.uri, "digest": _digest(version.digest)}]
    subjects += [{"name": each.path, "digest": _digest(each.digest)} for each in version.artifacts]
    return {
        "_type": STATEMENT,
        "subject": subjects,
        "predicateType": kind,
        "predicate": dict(predicate),
    }


def _digest(text: str) -> dict[str, str]:
    algorithm, _, value = text.partition(":")
    return {algorithm: value}


def _parameters(dossier: Dossier) -> dict[str, Any]:
    version = dossier.version
    told: dict[str, Any] = {"kind": version.kind, "reference": version.reference}
    for name in ("task", "architecture", "framework"):
        if text := version.stated(name):
            told[name] = text
    if source := version.content.get("source"):
        told["source"] = source
    if dossier.runs:
        told["runs"] = [
            {
                "id": run.uuid,
                "name": run.name,
                "experiment": run.experiment,
                "status": run.status,
                "parameters": dict(run.parameters),
            }
            for run in dossier.runs
        ]
    return told


def _dependencies(dossier: Dossier) -> list[dict[str, Any]]:
    """Everything that went into it: versions by reference and digest, and what runs read of
    elsewhere, whose digests are in whatever form a client gave them."""
    return [
        *(_dependency(each, role) for role, each in _made_of(dossier)),
        *(
            {
                "name": each.name,
                "annotations": {
                    "digest": each.digest,
                    "context": each.context,
                    "source": each.source,
                },
            }
            for each in dossier.outside
        ),
    ]


def _made_of(dossier: Dossier) -> Iterable[tuple[str, Thing]]:
    seen: set[str] = set()
    for link in dossier.relations:
        if link.target not in seen and link.target != dossier.version.uri:
            seen.add(link.target)
            yield link.role, dossier.by_uri[link.target]


def _dependency(thing: Thing, role: str) -> dict[str, Any]:
    return {
        "uri": thing.uri,
        "name": thing.reference,
        "digest": _digest(thing.digest),
        "annotations": {"role": role, "kind": thing.kind},
    }
