"""Say at start what is wrong with the settings of the log's anchors."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from audits.services.transparency import sinks
from audits.services.transparency.timestamps import NOT_INSTALLED
from core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator


@register()
def check_anchors(**kwargs: Any) -> list[CheckMessage]:
    """Return an error for each setting that makes no sense, or lacks what it needs."""
    return list(_problems())


def _problems() -> Iterator[CheckMessage]:
    hint = "docs/witnesses.md tells what each setting takes."
    try:
        sinks.configured()
    except InvalidInput as error:
        yield Error(error.detail, hint=hint, id="audits.E001")
    if not settings.LOG_TIMESTAMP_URL:
        return
    if find_spec("rfc3161_client") is None:
        yield Error(NOT_INSTALLED, id="audits.E002")
    if not settings.LOG_TIMESTAMP_ROOTS:
        yield Error("MUNIMENT_LOG_TIMESTAMP_ROOTS is not set.", hint=hint, id="audits.E003")
