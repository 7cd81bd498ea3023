"""Tables that a scan fills have no index that another one begins with."""

from __future__ import annotations

import pytest
from django.db import connection, models

from audits.models import Finding, FindingTransition, ScanResult
from policies.models import Decision

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Decision, Finding, FindingTransition, ScanResult])
def test_no_index_repeats_the_beginning_of_another(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    columns = {
        name: tuple(each["columns"])
        for name, each in found.items()
        if (each["index"] or each["unique"] or each["primary_key"])
        # What Django makes on PostgreSQL for searches by the beginning of a text.
        and not name.endswith("_like")
    }

    repeated = [
        name
        for name, own in columns.items()
        for other, wider in columns.items()
        if name != other and not found[name]["unique"] and wider[: len(own)] == own
    ]

    assert len(columns) >= 3
    assert repeated == []
