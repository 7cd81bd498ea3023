"""The places of entries refer to them without a lock on each."""

from __future__ import annotations

from django.db import migrations

from core.reference_checks import CheckInBulk


class Migration(migrations.Migration):
    dependencies = [("core", "0004_idempotent_requests")]

    operations = [CheckInBulk("JournalSequence", "entry")]
