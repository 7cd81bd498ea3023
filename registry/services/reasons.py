"""Ask for the reason of a change, in the workspaces that want one of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import InvalidInput
from core.texts import check_text

if TYPE_CHECKING:
    from registry.models import Workspace

MAX_REASON = 4_000


def check_reason(workspace: Workspace, reason: str, *, always: bool = False) -> str:
    """Return ``reason`` if a change in ``workspace`` may be made for it; raises InvalidInput.

    An empty one will do unless the workspace requires reasons, or the verb does (``always``).
    """
    check_text(reason, field="reason", limit=MAX_REASON)
    if not reason.strip():
        if always:
            raise InvalidInput.of("reason", "must say why")
        if workspace.requires_reason:
            message = f"must say why: {workspace.slug} requires a reason for every change"
            raise InvalidInput.of("reason", message)
    return reason
