"""Read what is to be imported into entries, each of which may be registered or is told wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core import plain_yaml
from core.errors import InvalidInput
from core.http.parsers import loads, require_clean
from registry.importers import huggingface, mlflow_registry, tables
from registry.importers.entries import Entry, Unusable, Wrong
from registry.importers.hub_cards import split
from registry.services.imports.orders import FORMATS, MODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from registry.services.imports.orders import Order

MAX_ENTRIES = 10_000
MAX_AT_ONCE = 1_000
# The files of a repository that hold JSON which means something here.
VALUES = (
    "config.json",
    "generation_config.json",
    "dataset_infos.json",
    "model.safetensors.index.json",
    "info.json",
)


def entries_of(order: Order) -> list[Entry | Unusable]:
    """Return the entries of an order; raises InvalidInput where it makes no sense as a whole."""
    for name, value, known in (("format", order.format, FORMATS), ("mode", order.mode, MODES)):
        if value not in known:
            raise InvalidInput.of(name, f"must be one of {', '.join(known)}")
    found = [_clean(entry) for entry in _read(order)]
    if not found:
        raise InvalidInput.of("content", "holds nothing to import")
    limit = MAX_AT_ONCE if order.mode == "all" else MAX_ENTRIES
    if len(found) > limit:
        reason = f"holds {len(found)} entries; {order.mode!r} takes at most {limit} a call"
        raise InvalidInput.of("content", reason)
    return found


def _read(order: Order) -> Iterable[Entry | Unusable]:
    if order.format == "csv":
        return tables.from_csv(_text(order))
    if order.format == "json":
        is_text = isinstance(order.content, str)
        return tables.from_rows(loads(order.content.encode()) if is_text else order.content)
    if order.format == "mlflow":
        return mlflow_registry.entries_of(_records(_text(order)), read=loads)
    return [huggingface.entry_of(_folder(order))]


def _folder(order: Order) -> huggingface.Folder:
    """Return the files of a folder, the JSON and YAML in them read."""
    if not order.files:
        raise InvalidInput.of("files", "must hold the folder's files by name, README.md among them")
    front, _ = split(order.files.get(huggingface.CARD, ""))
    values = {
        name: _decoded(name, order.files[name], as_=loads)
        for name in VALUES
        if name in order.files and not huggingface.POINTER.match(order.files[name])
    }
    matter = _decoded(huggingface.CARD, front, as_=plain_yaml.loads) if front.strip() else {}
    if not isinstance(matter, dict):
        raise InvalidInput.of(f"files.{huggingface.CARD}", "its front matter must be a mapping")
    return huggingface.Folder(order.files, values, matter, order.told)


def _decoded(name: str, text: str, *, as_: Callable[[bytes], Any]) -> Any:
    try:
        return as_(text.encode())
    except (InvalidInput, UnicodeEncodeError) as error:
        reason = error.detail if isinstance(error, InvalidInput) else str(error)
        raise InvalidInput.of(f"files.{name}", reason) from error


def _records(text: str) -> Iterator[tuple[int, Any]]:
    """Yield line number and value of each line of JSON; raises InvalidInput of the line."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, loads(line.encode())
            except InvalidInput as error:
                raise InvalidInput.of("content", f"line {number}: {error.detail}") from error


def _text(order: Order) -> str:
    if not isinstance(order.content, str):
        raise InvalidInput.of("content", "must be text")
    return order.content


def _clean(entry: Entry | Unusable) -> Entry | Unusable:
    """Return the entry, if every text in it can be stored."""
    if isinstance(entry, Entry):
        try:
            require_clean(entry.document, "document")
        except InvalidInput as error:
            told = error.errors or ()
            wrong = tuple(Wrong(one.field.removeprefix("document."), one.reason) for one in told)
            return Unusable(entry.place, wrong or (Wrong("", error.detail),))
    return entry
