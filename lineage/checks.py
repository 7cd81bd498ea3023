"""Say at start what is wrong with the configuration of lineage."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from core.errors import InvalidInput
from lineage.services import sinks


@register()
def check_sinks(**kwargs: Any) -> list[CheckMessage]:
    """Return an error for a transport setting that makes no sense."""
    try:
        sinks.configured()
    except InvalidInput as error:
        return [
            Error(error.detail, hint="See the transports of openlineage-python.", id="lineage.E001")
        ]
    return []
