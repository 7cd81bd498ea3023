"""What an OPA of elsewhere takes out of its decisions before it tells them."""

from __future__ import annotations

from django.db import migrations, models

import core.tables
from core.guards import GuardRows, UnguardRows

ONCE = ("retired_at", "retired_by")


class Migration(core.tables.Migration):
    dependencies = [("policies", "0007_evaluations")]

    operations = [
        UnguardRows("Opa", once=ONCE),
        migrations.AddField("Opa", "masks", models.JSONField(default=list)),
        GuardRows("Opa", once=ONCE, mutable=("masks",)),
    ]
