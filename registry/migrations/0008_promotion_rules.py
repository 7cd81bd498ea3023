"""Rules of promotion per workspace and kind, and imported bundles."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_cards")]

    operations = []
