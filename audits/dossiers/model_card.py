"""The model card of a CycloneDX component: how it was built, measured, and is to be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.dossiers.dossier import DATA

if TYPE_CHECKING:
    from audits.dossiers.dossier import Dossier
    from audits.dossiers.subjects import Evaluation, Measure

MODALITIES = {"tabular": "application/x-tabular", "embedding": "application/x-embedding"}


def model_card(dossier: Dossier) -> dict[str, Any]:
    """Return what the records say; what nobody recorded is left out."""
    found: dict[str, Any] = {
        "bom-ref": f"{dossier.version.uri}#model-card",
        "modelParameters": _parameters(dossier),
    }
    if metrics := _metrics(dossier):
        found["quantitativeAnalysis"] = {"performanceMetrics": metrics}
    if considerations := _considerations(dossier):
        found["considerations"] = considerations
    if properties := _properties(dossier):
        found["properties"] = properties
    return found


def _parameters(dossier: Dossier) -> dict[str, Any]:
    version = dossier.version
    found: dict[str, Any] = {}
    for name, field in (("task", "task"), ("modelArchitecture", "architecture")):
        if text := version.stated(field):
            found[name] = text
    used = [each.uri for each in dossier.data]
    used += [uri for each in dossier.judged for uri in each.datasets]
    used += [each.uri for _, each in dossier.linked((*DATA, "evaluated_on"))]
    refs = list(dict.fromkeys(dossier.standing_for.get(uri, uri) for uri in used))
    outside = [
        {"type": "dataset", "name": each.name, "description": f"digest {each.digest}"}
        for each in dossier.outside
    ]
    if refs or outside:
        found["datasets"] = [*({"ref": uri} for uri in refs), *outside]
    if modalities := version.content.get("modalities"):
        found["inputs"] = [{"format": MODALITIES.get(each, each)} for each in modalities]
    return found


def _metrics(dossier: Dossier) -> list[dict[str, str]]:
    found = [_metric(each) for each in dossier.measures]
    for evaluation in dossier.judged:
        found += [_metric(each, evaluation) for each in evaluation.measures]
    return found


def _metric(measure: Measure, evaluation: Evaluation | None = None) -> dict[str, str]:
    """Return a metric; its slice names the result and the data behind it."""
    found = {"type": measure.name, "value": measure.value}
    if evaluation is not None:
        places = [evaluation.result, *evaluation.datasets]
        found["slice"] = " on ".join(places[:2])
    return found


def _considerations(dossier: Dossier) -> dict[str, Any]:
    found: dict[str, Any] = {}
    texts = {
        "users": ("users",),
        "useCases": ("intended_use", "out_of_scope_use"),
        "technicalLimitations": ("limitations",),
    }
    for name, fields in texts.items():
        if told := [_told(dossier, field) for field in fields if dossier.said(field)]:
            found[name] = told
    if ethics := dossier.said("ethical_considerations"):
        risk = {"name": ethics}
        if oversight := dossier.said("human_oversight"):
            risk["mitigationStrategy"] = oversight
        found["ethicalConsiderations"] = [risk]
    if bias := dossier.said("bias"):
        found["fairnessAssessments"] = [{"harms": bias}]
    if energy := dossier.said("environmental_impact"):
        impact = {"name": "muniment:environmental-impact", "value": energy}
        found["environmentalConsiderations"] = {"properties": [impact]}
    return found


def _told(dossier: Dossier, field: str) -> str:
    text = dossier.said(field)
    return f"Not for: {text}" if field == "out_of_scope_use" else text


def _properties(dossier: Dossier) -> list[dict[str, str]]:
    card = dossier.card
    found = [
        {"name": f"muniment:{name.replace('_', '-')}", "value": text}
        for name in ("risk_tier", "framework", "parameters", "context_length", "languages")
        if (text := dossier.version.stated(name))
    ]
    if card is not None:
        told = {"card:digest": card.digest, "card:status": card.status}
        if card.reviewed_by is not None:
            told["card:reviewed-by"] = card.reviewed_by.username
        found += [{"name": f"muniment:{name}", "value": value} for name, value in told.items()]
    for run in dossier.runs:
        found += [{"name": f"muniment:run:{key}", "value": value} for key, value in run.parameters]
    return found
