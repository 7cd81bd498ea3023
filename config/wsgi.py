"""The WSGI application that granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from core.http.lengths import with_lengths

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = with_lengths(get_wsgi_application())
