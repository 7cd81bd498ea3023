"""What somebody wants imported, and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from core.canonical import canonical_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMATS = ("csv", "json", "huggingface", "mlflow")
MODES = ("all", "rows")


@dataclass(frozen=True)
class Order:
    """What to import into ``workspace``.

    ``content`` is the text of a list or an export (for ``json`` the list itself may stand there),
    ``files`` the texts of a folder by name. ``mode`` is "all" (one wrong row and nothing is
    registered) or "rows" (each row by itself). ``source`` is what the content is called where it
    comes from. ``links`` names versions here for what other systems call otherwise; ``told`` are
    statements that the source cannot make.
    """

    format: str
    workspace: str
    content: Any = ""
    files: Mapping[str, str] = field(default_factory=dict)
    mode: str = "all"
    source: str = ""
    reason: str = ""
    is_moving_aliases: bool = False
    links: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Return what tells the content from any other."""
        return canonical_digest({"content": self.content, "files": dict(self.files)})

    def payload(self) -> dict[str, Any]:
        """Return the order as JSON, from which ``Order(**…)`` makes it again."""
        return asdict(self)
