"""What MLflow's registry says of a version beyond ours."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_collaboration")]

    operations = []
