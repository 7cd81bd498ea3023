"""What `celery --app config.celery` loads: the application, with the settings of this project."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from core.celery_app import app

__all__ = ["app"]
