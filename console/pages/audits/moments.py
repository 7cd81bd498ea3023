"""The time that a page is asked as of."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime


def asked_moment(text: str) -> datetime | None:
    """Return the moment that the address names: a day, which counts to its end in UTC, or a date
    with time; None for nothing, for what is neither, and for what lies ahead."""
    try:
        moment = parse_datetime(text)
        if (day := parse_date(text)) is not None:
            moment = datetime.combine(day, time.max, tzinfo=UTC)
    except ValueError:  # well written, and no date
        return None
    if moment is None:
        return None
    aware = moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
    return aware if aware < timezone.now() else None
