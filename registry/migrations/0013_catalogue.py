"""The search projection of the catalogue."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_mlflow")]

    operations = []
