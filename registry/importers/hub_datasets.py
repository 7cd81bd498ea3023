"""What the files of a dataset's repository say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from registry.importers.hub_words import UNSPECIFIED, licence_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.importers.entries import Notes
    from registry.importers.huggingface import Folder

FORMATS = ("parquet", "jsonl", "json", "csv", "tsv", "arrow", "txt", "webdataset", "tar")
MAX_FIELDS = 2_000


def dataset_spec(folder: Folder, at: str, revision: str, notes: Notes) -> dict[str, Any]:
    """Return the spec of a dataset; raises InvalidInput where nobody says whether it holds
    personal data: a card has no field for that, and to guess would be to assert."""
    told = folder.told.get("personal_data")
    if not isinstance(told, bool):
        reason = "is required for a dataset: say true or false, its card has no such field"
        raise InvalidInput.of("told.personal_data", reason)
    spec: dict[str, Any] = {
        "format": _format(folder, notes),
        "license": licence_of(folder.front),
        "personal_data": {"contains": told},
        "source": {"description": f"Imported from the metadata of {at}", "uri": at},
    }
    configurations = list(_configurations(folder))
    if len(configurations) > 1:
        notes.add("it has several configurations: fields are those of the first, rows of all")
    optional = {
        "languages": [one[:35] for one in listed(folder.front.get("language"))],
        "fields": _fields(configurations[0].get("features")) if configurations else [],
        "statistics": _statistics(configurations),
    }
    return spec | {name: value for name, value in optional.items() if value}


def _format(folder: Folder, notes: Notes) -> str:
    """Return the format by the names of the data files."""
    names = [str(one.get("rfilename")) for one in folder.info.get("siblings") or () if one]
    for configuration in folder.front.get("configs") or ():
        files = configuration.get("data_files") if isinstance(configuration, dict) else None
        for one in files if isinstance(files, list) else [files]:
            names += listed(one.get("path") if isinstance(one, dict) else one)
    names += [name for name in folder.texts if "/" in name or not name.endswith((".md", ".json"))]
    endings = {name.removesuffix(".gz").rpartition(".")[2].lower() for name in names}
    found = next((one for one in FORMATS if one in endings), "")
    if not found:
        notes.add("no file tells the format of the data")
    return found or UNSPECIFIED


def _configurations(folder: Folder) -> Iterator[Mapping[str, Any]]:
    """Yield what is told of each configuration, by the card or by the older file."""
    told = folder.front.get("dataset_info")
    if told is None:
        told = list(folder.value("dataset_infos.json").values())
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, dict):
            yield one


def _fields(features: Any) -> list[dict[str, str]]:
    pairs: list[tuple[Any, Any]] = []
    if isinstance(features, dict):
        pairs = list(features.items())
    elif isinstance(features, list):
        pairs = [(one.get("name"), one) for one in features if isinstance(one, dict)]
    return [
        {"name": str(name)[:500], "type": _type(told)} for name, told in pairs[:MAX_FIELDS] if name
    ]


def _type(told: Any) -> str:
    """Return the type of a feature, in the words of either form."""
    if not isinstance(told, dict):
        return str(told)[:500] or UNSPECIFIED
    for name in ("dtype", "_type"):
        if isinstance(told.get(name), str):
            return str(told[name])[:500] or UNSPECIFIED
        if isinstance(told.get(name), dict):
            return str(next(iter(told[name]), UNSPECIFIED))[:500]
    inner = next((name for name in ("sequence", "list", "struct") if name in told), UNSPECIFIED)
    member = told.get(inner)
    return f"{inner}<{member}>"[:500] if isinstance(member, str) else inner


def _statistics(configurations: list[Mapping[str, Any]]) -> dict[str, Any]:
    splits: dict[str, int] = {}
    size = 0
    for one in configurations:
        for split in _splits(one.get("splits")):
            name, rows = str(split.get("name")), split.get("num_examples")
            if isinstance(rows, int) and rows >= 0:
                splits[name] = splits.get(name, 0) + rows
            told = split.get("num_bytes")
            size += told if isinstance(told, int) and told > 0 else 0
    if not splits:
        return {}
    return {"rows": sum(splits.values()), "splits": splits, **({"bytes": size} if size else {})}


def _splits(told: Any) -> list[Mapping[str, Any]]:
    if isinstance(told, dict):
        return [{"name": name, **one} for name, one in told.items() if isinstance(one, dict)]
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
