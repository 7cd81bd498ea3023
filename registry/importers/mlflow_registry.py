"""A registry of MLflow, by the export that ``mlflow_export.py`` writes through MLflow's client."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from core.errors import InvalidInput
from registry.importers.entries import Entry, Notes, Remote, Unusable, Wrong
from registry.importers.mlflow_prompts import CONTENT, is_prompt, spec_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

FORMAT: Final = "muniment.mlflow-export/1"
UNSPECIFIED = "unspecified"
NO_LICENCE = "NOASSERTION"
MAX_PARAMS = 500
MAX_ADDRESS = 2_000
USER_INFO = re.compile(r"(?<=://)[^/@]*@")
COPY_OF = re.compile(r"models:/(?P<name>[^/@]+)/(?P<number>[0-9]{1,9})\Z")


def entries_of(
    records: Iterable[tuple[int, Any]], *, read: Callable[[bytes], Any]
) -> Iterator[Entry | Unusable]:
    """Yield each version of an export in its order; ``records`` are lines with their numbers.

    Raises InvalidInput for what is no export of this format.
    """
    registry = ""
    models: dict[str, Mapping[str, Any]] = {}
    for number, record in records:
        if not isinstance(record, dict):
            raise InvalidInput.of("content", f"line {number}: must be a JSON object")
        if not registry:
            registry = _header(record, number)
        elif record.get("type") == "model":
            models[str(record.get("name"))] = record
        elif record.get("type") == "version":
            model = models.get(str(record.get("name")), {})
            place = f"line {number}"
            yield _entry(record, model, registry=registry, place=place, read=read)
        else:
            raise InvalidInput.of("content", f"line {number}: is neither a model nor a version")


def _header(record: Mapping[str, Any], number: int) -> str:
    if record.get("format") != FORMAT or not isinstance(record.get("registry"), str):
        reason = f"line {number}: must say format {FORMAT} and registry: write it with the script"
        raise InvalidInput.of("content", reason)
    return USER_INFO.sub("", record["registry"]).rstrip("/") or "mlflow"


def _entry(
    record: Mapping[str, Any],
    model: Mapping[str, Any],
    *,
    registry: str,
    place: str,
    read: Callable[[bytes], Any],
) -> Entry | Unusable:
    name, number = str(record.get("name", "")), str(record.get("version", ""))
    notes = Notes()
    identity = f"mlflow:{registry}/{name}/{number}"
    try:
        is_text = is_prompt(_texts(model.get("tags"))) or is_prompt(_texts(record.get("tags")))
        document = _prompt(record, read) if is_text else _model(record, notes)
    except InvalidInput as error:
        wrong = tuple(Wrong(one.field, one.reason) for one in error.errors)
        return Unusable(place, wrong or (Wrong("", error.detail),), name=name)
    document["name"] = name
    document["asset"] = {
        "description": _text(model.get("description")),
        "tags": {k: v for k, v in _texts(model.get("tags")).items() if k not in CONTENT},
    }
    document["description"] = _text(record.get("description"))
    document["spec"].setdefault("extra", {})["mlflow"] = _kept(record, registry)
    aliases = model.get("aliases")
    pointing = aliases.items() if isinstance(aliases, dict) else ()
    return Entry(
        place,
        document,
        identity=identity,
        aliases=tuple(sorted(alias for alias, to in pointing if str(to) == number)),
        remotes=tuple(_copied(record, registry)),
        notes=tuple(notes.told),
    )


def _prompt(record: Mapping[str, Any], read: Callable[[bytes], Any]) -> dict[str, Any]:
    tags = _texts(record.get("tags"))
    return {
        "kind": "prompt",
        "spec": spec_of(tags, read=read),
        "tags": {key: value for key, value in tags.items() if key not in CONTENT},
        "origin": _origin(record),
    }


def _model(record: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    source = _text(record.get("source")) or UNSPECIFIED
    if "://" not in source and ":/" not in source:
        notes.add(f"the source {source[:200]} is a path of the machine that registered it")
    told = record.get("run")
    run: Mapping[str, Any] = told if isinstance(told, dict) else {}
    if record.get("run_id") and not run:
        why = _text(record.get("run_error")) or "it is not in the export"
        notes.add(f"nothing of the run {record['run_id']} is known: {why[:200]}")
    spec: dict[str, Any] = {
        "source": {"type": "uri", "uri": source, "provider": UNSPECIFIED},
        "task": UNSPECIFIED,
        "license": NO_LICENCE,
    }
    params = _texts(run.get("params"))
    if len(params) > MAX_PARAMS:
        notes.add(f"of {len(params)} parameters of the run the first {MAX_PARAMS} are kept")
    if params:
        spec["hyperparameters"] = dict(sorted(params.items())[:MAX_PARAMS])
    return {
        "kind": "model",
        "spec": spec,
        "metrics": list(_metrics(run, str(record.get("run_id")), notes)),
        "tags": _texts(record.get("tags")),
        "origin": _origin(record),
    }


def _metrics(run: Mapping[str, Any], run_id: str, notes: Notes) -> Iterator[dict[str, Any]]:
    told = run.get("metrics")
    for name, value in sorted(told.items()) if isinstance(told, dict) else ():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and math.isfinite(value):
            yield {"name": name, "value": value, "evaluator": f"mlflow run {run_id}"[:200]}
        else:
            notes.add(f"the metric {name} of the run is {str(value)[:40]}, which is no number")


def _origin(record: Mapping[str, Any]) -> dict[str, str]:
    """Return where the version comes from, in the words in which MLflow's clients read it."""
    source = _text(record.get("source"))[:MAX_ADDRESS]
    told = {"run_id": 200, "run_link": MAX_ADDRESS, "model_id": 200}
    kept = {name: _text(record.get(name))[:limit] for name, limit in told.items()}
    return {"source": source, "download_uri": source} | kept


def _kept(record: Mapping[str, Any], registry: str) -> dict[str, Any]:
    """Return what the version was there, which its content says from now on."""
    kept: dict[str, Any] = {"registry": registry, "version": str(record.get("version"))}
    if (created := _moment(record.get("created_at"))) is not None:
        kept["created_at"] = created
    for name in ("run_id", "user_id"):
        if text := _text(record.get(name)):
            kept[name] = text
    run = record.get("run")
    if isinstance(run, dict):
        for name in ("experiment_id", "name"):
            if text := _text(run.get(name)):
                kept[f"run_{name}"] = text
        if (started := _moment(run.get("start_time"))) is not None:
            kept["run_started_at"] = started
    return kept


def _copied(record: Mapping[str, Any], registry: str) -> Iterator[Remote]:
    """Yield the version that this one is a copy of."""
    if found := COPY_OF.match(_text(record.get("source"))):
        address = f"mlflow:{registry}/{found['name']}/{found['number']}"
        yield Remote("derived_from", "model", address, (found["name"],))


def _moment(milliseconds: Any) -> str | None:
    if not isinstance(milliseconds, int) or not 0 < milliseconds < 32503680000000:  # year 3000
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> dict[str, str]:
    """Return the members of an object that are texts."""
    found = value.items() if isinstance(value, dict) else ()
    return {key: member for key, member in found if isinstance(member, str)}
