"""A dossier as a model card of the Hugging Face Hub: a README.md with YAML metadata.

Source: the Hub's model card metadata specification (license, datasets, base_model, model-index).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.dossiers.dossier import BASES
from core.plain_yaml import dumps
from registry.importers.hub_words import SPDX

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.dossiers.dossier import Dossier
    from audits.dossiers.subjects import Evaluation, Measure

HUB_LICENCES = {spdx: hub for hub, spdx in reversed(SPDX.items())}
RELATIONS = {"fine_tuned_from": "finetune", "adapter_of": "adapter", "merged_from": "merge"}
# Sections in the order of the Hub's own template, and the fields of our cards that fill them.
SECTIONS = (
    ("Model description", ("summary",)),
    ("Intended uses", ("intended_use",)),
    ("Out-of-scope use", ("out_of_scope_use",)),
    ("Bias, risks and limitations", ("limitations", "bias", "ethical_considerations")),
    ("Human oversight", ("human_oversight",)),
    ("Training data", ("training_data",)),
    ("Evaluation", ("evaluation",)),
    ("Environmental impact", ("environmental_impact",)),
    ("Contact", ("contact",)),
)
UNTOLD = "*Not recorded.*"


def render(dossier: Dossier) -> bytes:
    """Return the card. What nobody recorded is said to be so."""
    front = dumps(metadata(dossier)).rstrip("\n")
    return f"---\n{front}\n---\n\n{_body(dossier)}".encode()


def metadata(dossier: Dossier) -> dict[str, Any]:
    """Return the front matter; names of ours stand for those that the Hub's have."""
    version = dossier.version
    told: dict[str, Any] = {
        **_licence(version.license),
        "language": list(version.content.get("languages", ())),
        "pipeline_tag": version.stated("task"),
        "library_name": version.stated("framework"),
        **_bases(dossier),
        "datasets": [f"{each.workspace}/{each.name}" for each in dossier.data],
        "tags": [tag.label for tag in dossier.tags],
    }
    if results := list(_results(dossier)):
        names = {measure.name for each in dossier.judged for measure in each.measures}
        told["metrics"] = sorted(names)
        told["model-index"] = [{"name": version.name, "results": results}]
    return {key: value for key, value in told.items() if value}


def _bases(dossier: Dossier) -> dict[str, Any]:
    bases = list(dossier.linked(BASES))
    found: dict[str, Any] = {"base_model": [f"{each.workspace}/{each.name}" for _, each in bases]}
    relations = {RELATIONS.get(role, "") for role, _ in bases}
    if len(relations) == 1:
        found["base_model_relation"] = relations.pop()
    return found


def _licence(text: str) -> dict[str, Any]:
    if not text or text == "NOASSERTION":
        return {"license": "unknown"}
    if known := HUB_LICENCES.get(text):
        return {"license": known}
    return {"license": "other", "license_name": text}


def _results(dossier: Dossier) -> Iterable[dict[str, Any]]:
    task = dossier.version.stated("task") or "other"
    for evaluation in dossier.judged:
        yield {
            "task": {"type": task},
            "dataset": _dataset(dossier, evaluation),
            "metrics": [_metric(each) for each in evaluation.measures],
            "source": {"name": evaluation.result, "url": evaluation.result},
        }


def _dataset(dossier: Dossier, evaluation: Evaluation) -> dict[str, Any]:
    known = [dossier.by_uri[uri] for uri in evaluation.datasets if uri in dossier.by_uri]
    if not known:
        return {"type": "unknown", "name": "not recorded"}
    thing = known[0]
    return {
        "type": f"{thing.workspace}/{thing.name}",
        "name": thing.name,
        "revision": thing.digest,
    }


def _metric(measure: Measure) -> dict[str, Any]:
    found = {"type": measure.name, "value": float(measure.value), "name": measure.name}
    return found | ({"config": measure.evaluator} if measure.evaluator else {})


def _body(dossier: Dossier) -> str:
    version = dossier.version
    lines = [f"# {plain(version.name)}", ""]
    if version.description:
        lines += [plain(version.description), ""]
    for title, fields in SECTIONS:
        told = [plain(dossier.said(field)) for field in fields if dossier.said(field)]
        told += _numbers(dossier) if "evaluation" in fields else []
        lines += [f"## {title}", "", *("\n\n".join(told or [UNTOLD]).splitlines()), ""]
    lines += _lineage(dossier)
    lines += _standing(dossier)
    return "\n".join(lines).rstrip() + "\n"


def _numbers(dossier: Dossier) -> list[str]:
    """Return the table of what was measured; none where nothing was."""
    rows: list[tuple[Measure, str, tuple[str, ...]]]
    rows = [(each, "", ()) for each in dossier.measures]
    rows += [
        (each, evaluation.result, evaluation.datasets)
        for evaluation in dossier.judged
        for each in evaluation.measures
    ]
    if not rows:
        return []
    table = ["| metric | value | by | result | on |", "|---|---|---|---|---|"]
    for each, result, datasets in rows:
        cells = (each.name, each.value, each.evaluator, result, ", ".join(datasets))
        table.append(f"| {' | '.join(_cell(text) for text in cells)} |")
    return ["\n".join(table)]


def _cell(text: str) -> str:
    return plain(text).replace("|", "&#124;").replace("\n", " ")


def _lineage(dossier: Dossier) -> list[str]:
    rows = [
        f"| {link.role} | `{dossier.by_uri[link.target].reference}` | "
        f"`{dossier.by_uri[link.target].digest}` |"
        for link in dossier.relations
        if link.source == dossier.version.uri
    ]
    table = ["| relation | version | digest |", "|---|---|---|", *rows] if rows else [UNTOLD]
    return ["## Made from", "", *table, ""]


def _standing(dossier: Dossier) -> list[str]:
    version, brought = dossier.version, dossier.brought_by
    rows = [
        ("reference", version.uri),
        ("digest", version.digest),
        ("as of", dossier.as_of),
        ("lifecycle", f"{dossier.lifecycle} in {dossier.workspace} ({dossier.stage})"),
    ]
    rows += [(f"artifact `{each.path}`", each.digest) for each in version.artifacts]
    if dossier.card is not None:
        rows.append(("card", f"{dossier.card.status}, {dossier.card.digest}"))
    if brought is not None:
        consents = ", ".join(each.by.username for each in brought.approvals if each.counts)
        rows.append(("promoted", f"{brought.completed_at}, approved by {consents or 'nobody'}"))
    table = [f"| {name} | {_cell(value)} |" for name, value in rows]
    return ["## Record", "", "| what | value |", "|---|---|", *table, ""]


def plain(text: str) -> str:
    """Return a text that shows as it is written: what would be HTML in Markdown is none."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
