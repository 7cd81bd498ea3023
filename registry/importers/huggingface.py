"""A model or dataset repository of Hugging Face, by the metadata files in its folder.

Nothing is fetched: what the files do not say is not known. Bytes are named by the digests that the
files declare: those of Git LFS pointers, and of the Hub's own description of the repository.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from registry.importers.entries import Entry, Notes, Remote
from registry.importers.hub_cards import card_fields, split
from registry.importers.hub_datasets import dataset_spec
from registry.importers.hub_models import metrics_of, model_spec
from registry.importers.hub_words import listed, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CARD = "README.md"
INFO = "info.json"
POINTER = re.compile(
    r"version https://git-lfs\.github\.com/spec/v1\n(?:ext-.*\n)*"
    r"oid sha256:(?P<oid>[0-9a-f]{64})\nsize (?P<size>[0-9]{1,18})\n?\Z"
)
REPOSITORY = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)?\Z")
RELATIONS = {
    "finetune": "fine_tuned_from",
    "adapter": "adapter_of",
    "merge": "merged_from",
    "quantized": "derived_from",
}
DATASET_SIGNS = ("task_categories", "dataset_info", "size_categories", "task_ids")
MAX_ADDRESS = 1_900


@dataclass(frozen=True)
class Folder:
    """The files of a repository: ``texts`` by name, ``values`` of the JSON ones, the card's
    ``front`` matter; ``told`` is what the caller says of it."""

    texts: Mapping[str, str]
    values: Mapping[str, Any]
    front: Mapping[str, Any]
    told: Mapping[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> Mapping[str, Any]:
        """Return the object in a JSON file, an empty one where there is none."""
        found = self.values.get(name, {})
        return found if isinstance(found, dict) else {}

    @property
    def info(self) -> Mapping[str, Any]:
        """Return the Hub's own description of the repository."""
        return self.value(INFO)

    @property
    def body(self) -> str:
        """Return the card without its front matter."""
        return split(self.texts.get(CARD, ""))[1]

    @property
    def is_dataset(self) -> bool:
        """Tell whether it is the folder of a dataset."""
        if told := self.told.get("kind"):
            return bool(told == "dataset")
        has_signs = any(sign in self.front for sign in DATASET_SIGNS)
        return "dataset_infos.json" in self.texts or (has_signs and "config.json" not in self.texts)


def entry_of(folder: Folder) -> Entry:
    """Return the version that the files describe; raises InvalidInput that says what is missing."""
    repository = str(folder.told.get("repository") or folder.info.get("id") or "")
    if not REPOSITORY.match(repository):
        reason = "is required: the id of the repository, for example acme/base"
        raise InvalidInput.of("told.repository", reason)
    revision = str(folder.told.get("revision") or folder.info.get("sha") or "")
    kind = "dataset" if folder.is_dataset else "model"
    base = address(repository, kind)
    at = f"{base}@{revision}" if revision else base
    notes = Notes()
    spec = (dataset_spec if folder.is_dataset else model_spec)(folder, at, revision, notes)
    remotes = () if folder.is_dataset else tuple(_remotes(folder))
    spec["extra"] = {"huggingface": _kept(folder, repository, revision, remotes)}
    if not revision:
        notes.add("no revision is told, so that the address means whatever stands there later")
    document = {
        "kind": kind,
        "name": folder.told.get("name") or repository.rpartition("/")[2],
        "spec": spec,
        "metrics": [] if folder.is_dataset else metrics_of(folder.front, at, notes),
        "artifacts": list(_artifacts(folder, at)),
        "origin": {"source": at, "download_uri": at},
    }
    if fields := card_fields(folder.body, kind, notes):
        document["card"] = {"fields": fields}
    return Entry(repository, document, identity=base, remotes=remotes, notes=tuple(notes.told))


def address(repository: str, kind: str) -> str:
    """Return the address of a repository, as its file system for Python writes it."""
    return f"hf://{'datasets/' if kind == 'dataset' else ''}{repository}"


def _remotes(folder: Folder) -> Iterator[Remote]:
    bases = listed(folder.front.get("base_model"))
    relation = text_of(folder.front.get("base_model_relation")) or _guess(folder, bases)
    for repository in bases:
        yield _remote(RELATIONS.get(relation, "derived_from"), "model", repository)
    for repository in listed(folder.front.get("datasets")):
        yield _remote("trained_on", "dataset", repository)


def _guess(folder: Folder, bases: list[str]) -> str:
    """Return the relation as the Hub takes it where the card does not say."""
    if len(bases) > 1:
        return "merge"
    is_adapter = folder.front.get("library_name") in {"peft", "adapter-transformers"}
    return "adapter" if is_adapter or "adapter_config.json" in folder.texts else "finetune"


def _remote(role: str, kind: str, repository: str) -> Remote:
    last = repository.rpartition("/")[2]
    return Remote(role, kind, address(repository, kind), (last, repository.replace("/", "--")))


def _kept(
    folder: Folder, repository: str, revision: str, remotes: tuple[Remote, ...]
) -> dict[str, Any]:
    """Return what the spec has no field for."""
    kept: dict[str, Any] = {"repository": repository}
    if revision:
        kept["revision"] = revision
    if remotes:
        kept["references"] = [{"role": one.role, "address": one.address} for one in remotes]
    for name in ("tags", "license_name", "license_link", "quantized_by", "gated", "model_name"):
        if folder.front.get(name) not in (None, "", []):
            kept[name] = folder.front[name]
    return kept


def _artifacts(folder: Folder, at: str) -> Iterator[dict[str, Any]]:
    """Yield the files whose digests are declared, each once."""
    found: dict[str, tuple[str, int]] = {}
    for sibling in folder.info.get("siblings") or ():
        lfs = sibling.get("lfs") if isinstance(sibling, dict) else None
        if isinstance(lfs, dict) and re.fullmatch(r"[0-9a-f]{64}", str(lfs.get("sha256"))):
            found[str(sibling.get("rfilename"))] = (lfs["sha256"], lfs.get("size", 0))
    for name, text in folder.texts.items():
        if pointer := POINTER.match(text):
            found[name] = (pointer["oid"], int(pointer["size"]))
    for name, (digest, size) in sorted(found.items()):
        uri = f"{at}/{name}"[:MAX_ADDRESS]
        yield {"path": name, "uri": uri, "digest": f"sha256:{digest}", "size": size}
