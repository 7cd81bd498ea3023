"""What the files of a model's repository say of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from registry.importers.hub_words import (
    UNSPECIFIED,
    licence_of,
    listed,
    modalities_of,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.importers.entries import Notes
    from registry.importers.huggingface import Folder

# What architectures call the longest input; the first that stands there is taken.
LENGTHS = ("max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "n_ctx")
INDEX = "model.safetensors.index.json"
MAX_NAME = 200


def model_spec(folder: Folder, at: str, revision: str, notes: Notes) -> dict[str, Any]:
    """Return the spec of a model."""
    front, config = folder.front, folder.value("config.json")
    task = text_of(front.get("pipeline_tag")) or text_of(folder.info.get("pipeline_tag"))
    if not task:
        notes.add("no task is told (pipeline_tag)")
    licence = licence_of(front)
    if licence == "NOASSERTION":
        notes.add("no licence is told")
    source = {"type": "uri", "uri": at, "provider": _provider(at)}
    spec: dict[str, Any] = {
        "source": {**source, "revision": revision} if revision else source,
        "task": task or UNSPECIFIED,
        "license": licence,
    }
    optional = {
        "parameters": _parameters(folder),
        "context_length": _first_whole(_layers(config), LENGTHS),
        "max_output_tokens": _first_whole(
            [folder.value("generation_config.json")], ("max_new_tokens",)
        ),
        "architecture": next(iter(listed(config.get("architectures"))), ""),
        "framework": text_of(front.get("library_name")),
        "languages": [one[:35] for one in listed(front.get("language"))],
        "modalities": modalities_of(task),
    }
    return spec | {name: value for name, value in optional.items() if value}


def _provider(at: str) -> str:
    owner, slash, _ = at.removeprefix("hf://").partition("/")
    return owner if slash else "Hugging Face"


def _layers(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a configuration, and the one of its text part where that stands inside."""
    inner = config.get("text_config")
    return [config, inner] if isinstance(inner, dict) else [config]


def _first_whole(layers: list[Mapping[str, Any]], names: tuple[str, ...]) -> int | None:
    for layer in layers:
        for name in names:
            value = layer.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                return value
    return None


def _parameters(folder: Folder) -> int | None:
    """Return the number of parameters, where the Hub or the index of the weights counts them."""
    index, hub = folder.value(INDEX).get("metadata"), folder.info.get("safetensors")
    counts: list[Mapping[str, Any]] = [one for one in (hub, index) if isinstance(one, dict)]
    return _first_whole(counts, ("total", "total_parameters"))


def metrics_of(front: Mapping[str, Any], at: str, notes: Notes) -> list[dict[str, Any]]:
    """Return the results of the card's model-index, each with who says so."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for dataset, source, metric in _results(front):
        name = text_of(metric.get("type")) or text_of(metric.get("name"))
        value = _number(metric.get("value"))
        name = f"{name} ({dataset})"[:MAX_NAME] if dataset else name[:MAX_NAME]
        if not name or value is None:
            notes.add(f"a result of the model-index has no name or no number: {name or '?'}")
            continue
        key = (name, source[:MAX_NAME] or f"model-index of {at}"[:MAX_NAME])
        if key in found:
            notes.add(f"the model-index tells {name} more than once; the first is taken")
        found.setdefault(key, {"name": key[0], "value": value, "evaluator": key[1]})
    return list(found.values())


def _results(front: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield dataset, source and metric of each result."""
    for model in _objects(front.get("model-index")):
        for result in _objects(model.get("results")):
            dataset, source = result.get("dataset"), result.get("source")
            called = _dataset(dataset) if isinstance(dataset, dict) else ""
            told = source if isinstance(source, dict) else {}
            says = " ".join(text_of(told.get(name)) for name in ("name", "url")).strip()
            for metric in _objects(result.get("metrics")):
                yield called, says, metric


def _dataset(told: Mapping[str, Any]) -> str:
    name = text_of(told.get("type")) or text_of(told.get("name"))
    parts = [name, *(text_of(told.get(part)) for part in ("config", "split"))]
    return " ".join(part for part in parts if part)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _number(value: Any) -> float | None:
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and not isinstance(value, bool) else None
