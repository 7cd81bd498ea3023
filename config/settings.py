"""All settings. Every value that differs between installations is an environment variable;
README.md has the table, and a test keeps the table complete.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url

from config import environment, folders, openapi, transparency
from config.appearance import PRIMARY
from config.folders import DATA_DIR, KEYS_DIR

BASE_DIR = folders.BASE_DIR
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = environment.flag("MUNIMENT_DEBUG")
SECRET_KEY = environment.secret("MUNIMENT_SECRET_KEY", file=KEYS_DIR / "django.key")
JOURNAL_KEY = environment.secret("MUNIMENT_JOURNAL_KEY", file=KEYS_DIR / "journal.key")
SEALING_KEY = environment.secret("MUNIMENT_SEALING_KEY", file=KEYS_DIR / "sealing.key")
RECEIPT_KEY = environment.secret("MUNIMENT_RECEIPT_KEY", file=KEYS_DIR / "receipts.key")
LOG_KEY_FILE = transparency.LOG_KEY_FILE
ATTESTATION_KEY_FILE = transparency.ATTESTATION_KEY_FILE
PACK_KEY_FILE = transparency.PACK_KEY_FILE
LOG_ANCHOR_FILE = transparency.ANCHOR_FILE
LOG_WITNESSES = transparency.WITNESSES
LOG_GIT = transparency.GIT
LOG_GIT_FOLDER = transparency.GIT_FOLDER
LOG_TIMESTAMP_URL = transparency.TIMESTAMP_URL
LOG_TIMESTAMP_ROOTS = transparency.TIMESTAMP_ROOTS
LOG_ANCHOR_SECONDS = transparency.ANCHOR_SECONDS
LOG_TIMESTAMP_SECONDS = transparency.TIMESTAMP_SECONDS
# Names this installation in references (muniment://{instance}/...) and in lineage namespaces.
INSTANCE = os.environ.get("MUNIMENT_INSTANCE") or "localhost"
# Where others reach it: the address in what it sends out, without a slash at its end.
BASE_URL = (os.environ.get("MUNIMENT_BASE_URL") or "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = environment.items("MUNIMENT_ALLOWED_HOSTS", default=("localhost", "127.0.0.1"))
CSRF_TRUSTED_ORIGINS = environment.items("MUNIMENT_TRUSTED_ORIGINS")
MAX_BODY_BYTES = environment.number("MUNIMENT_MAX_BODY_BYTES", default=2 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
MAX_ARTIFACT_BYTES = environment.number("MUNIMENT_MAX_ARTIFACT_BYTES", default=64 * 1024**3)
# Bodies that are streamed, never held, and so may be larger: patterns of paths with their limits.
STREAMED_BODIES = ((r"/api/registry/uploads/[0-9a-f-]{36}/content/\Z", MAX_ARTIFACT_BYTES),)
# All files of an evidence pack together, before they are compressed.
MAX_PACK_BYTES = environment.number("MUNIMENT_MAX_PACK_BYTES", default=4 * 1024**3)
MAX_EVALUATION_BYTES = environment.number("MUNIMENT_MAX_EVALUATION_BYTES", default=64 * 1024 * 1024)

INSTALLED_APPS = [
    "console",
    "unfold.apps.BasicAppConfig",
    "console.apps.ConsoleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "core",
    "registry",
    "policies",
    "lineage",
    "audits",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.http.security.ContentSecurityPolicyMiddleware",
    "core.http.middleware.RequestIdMiddleware",
    "core.http.middleware.InputLimitsMiddleware",
    "audits.api.receipts.ReceiptMiddleware",
    "core.http.middleware.SessionlessMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.http.middleware.ApiConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.http.middleware.DomainErrorMiddleware",
]
# Where programs call with a credential in each request: nothing from sessions on is of use there.
SESSIONLESS_PATHS = (
    "/api/2.0/mlflow/",
    "/api/3.0/mlflow/",
    "/ajax-api/2.0/mlflow/",
    "/ajax-api/3.0/mlflow/",
    "/api/v1/lineage",
)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# -- Database ------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        os.environ.get("MUNIMENT_DATABASE_URL") or f"sqlite:///{DATA_DIR / 'muniment.sqlite3'}",
        conn_max_age=None,
        conn_health_checks=True,
    ),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # DEFERRED transactions that upgrade from read to write fail at once when another writer is
    # in, whatever the timeout; IMMEDIATE ones queue. FULL survives a power cut, not only a crash.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        " PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=16000;",
    }

# -- Artifacts -----------------------------------------------------------------------------------
BLOBS_URL = os.environ.get("MUNIMENT_BLOBS_URL") or (DATA_DIR / "blobs").as_uri()
# How long bytes stay that nothing refers to any more.
GARBAGE_GRACE_DAYS = environment.number("MUNIMENT_GARBAGE_GRACE_DAYS", default=7)

# -- People and access ---------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.flag("MUNIMENT_HTTPS")
X_FRAME_OPTIONS = "DENY"

# -- The inversions: asked before a promotion or whether to serve, told after a change -----------
PROMOTION_GATES = [
    "registry.gates.closure.ClosureGate",
    "registry.gates.lifecycle.LifecycleGate",
    "registry.gates.approvals.ApprovalGate",
    "registry.gates.rules.RuleGate",
    "policies.gate.PolicyGate",
]
# Asked whether a deployment may serve, whenever somebody wants to know.
DEPLOYMENT_GATES = [
    "registry.gates.members.MembersGate",
    "registry.gates.thresholds.ThresholdGate",
    "policies.gate.DeploymentPolicyGate",
]
# Asked which workspaces are in hold before anything old is let go.
HOLDS = ["audits.queries.holds.workspaces_in_hold"]
JOURNAL_CONSUMERS = [
    "lineage.consumer.LineageConsumer",
    "registry.consumer.notifications.NotificationConsumer",
    "registry.consumer.webhooks.WebhookConsumer",
    "registry.consumer.catalogue.CatalogueConsumer",
    "policies.consumer.ResourceConsumer",
    "policies.consumer.ReevaluationConsumer",
    "audits.consumer.FindingConsumer",
    "audits.consumer.ExemptionConsumer",
    "audits.consumer.LogFollower",
    "audits.consumer.TrailConsumer",
    "audits.consumer.StreamConsumer",
]

# -- Background work -----------------------------------------------------------------------------
CELERY_BROKER_URL = os.environ.get("MUNIMENT_BROKER_URL") or ""
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request waits no longer than this for a broker that is away: the sweep finds the task.
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1}

# -- Policies ------------------------------------------------------------------------------------
OPA_URL = os.environ.get("MUNIMENT_OPA_URL") or ""
OPA_TOKEN = os.environ.get("MUNIMENT_OPA_TOKEN") or ""
OPA_CA = os.environ.get("MUNIMENT_OPA_CA") or ""
OPA_LOG_MAX_BYTES = environment.number("MUNIMENT_OPA_LOG_MAX_BYTES", default=8 * 1024 * 1024)
OPA_DELTAS = environment.flag("MUNIMENT_OPA_DELTAS")  # see docs/adr/0028-delta-bundles.md
OPA_POLL_SECONDS = environment.number("MUNIMENT_OPA_POLL_SECONDS", default=10)
OPA_STALE_SECONDS = environment.number("MUNIMENT_OPA_STALE_SECONDS", default=300)
POLICY_TIMEOUT_SECONDS = environment.number("MUNIMENT_POLICY_TIMEOUT_SECONDS", default=5)
# Before an exemption or an attestation expires, its owner is warned this many days ahead.
EXPIRY_WARNING_DAYS = [
    int(days) for days in environment.items("MUNIMENT_EXPIRY_WARNING_DAYS", default=("14", "3"))
]
# Before a finding is due, whoever sees to it is told this many days ahead, and once more then.
FINDING_REMINDER_DAYS = [
    int(days) for days in environment.items("MUNIMENT_FINDING_REMINDER_DAYS", default=("3",))
]
# An older observation of a configured resource tells nothing about it any more.
SNAPSHOT_MAX_AGE_DAYS = environment.number("MUNIMENT_SNAPSHOT_MAX_AGE_DAYS", default=30)

# -- Lineage -------------------------------------------------------------------------------------
# A JSON object for openlineage-python's transport factory; empty means a file in the data folder.
OPENLINEAGE_TRANSPORT = os.environ.get("MUNIMENT_OPENLINEAGE_TRANSPORT") or ""
# Take what Marquez takes: events without schemaURL, and times without a zone.
OPENLINEAGE_COMPATIBLE = environment.flag("MUNIMENT_OPENLINEAGE_COMPATIBLE")
OPENLINEAGE_MAX_BYTES = environment.number(
    "MUNIMENT_OPENLINEAGE_MAX_BYTES", default=8 * 1024 * 1024
)
# One thread fewer than a web worker has, so that people are served while producers wait.
OPENLINEAGE_CONCURRENT = environment.number("MUNIMENT_OPENLINEAGE_CONCURRENT", default=3)

# -- Webhooks ------------------------------------------------------------------------------------
# Networks (CIDR) that webhooks may reach beside the public Internet.
WEBHOOK_ALLOWED_NETWORKS = environment.items("MUNIMENT_WEBHOOK_ALLOWED_NETWORKS")
WEBHOOK_PLAIN_HTTP = environment.flag("MUNIMENT_WEBHOOK_PLAIN_HTTP")
WEBHOOK_LOG_DAYS = environment.number("MUNIMENT_WEBHOOK_LOG_DAYS", default=30)

# -- Streams of the journal -----------------------------------------------------------------------
# Networks (CIDR) that streams may reach beside the public Internet, whether unencrypted too, whose
# certificates they trust (a PEM file; empty: the system's), and where those to files are written.
STREAM_ALLOWED_NETWORKS = environment.items("MUNIMENT_STREAM_ALLOWED_NETWORKS")
STREAM_PLAIN = environment.flag("MUNIMENT_STREAM_PLAIN")
STREAM_CA = os.environ.get("MUNIMENT_STREAM_CA") or ""
STREAM_FOLDER = Path(os.environ.get("MUNIMENT_STREAM_FOLDER") or DATA_DIR / "streams")

# -- HTTP ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registry.api.authentication.TokenAuthentication",
        "registry.api.authentication.SessionActorAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["core.http.renderers.MsgspecJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.http.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.http.pagination.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_METADATA_CLASS": "core.http.metadata.AllowedMethods",
    "DEFAULT_SCHEMA_CLASS": "core.http.openapi.OperationSchema",
    "EXCEPTION_HANDLER": "core.http.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = openapi.SPECTACULAR

# -- The console -----------------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": "Muniment",
    "SITE_HEADER": "Muniment",
    "SITE_SUBHEADER": INSTANCE,
    "SITE_URL": None,
    "SITE_ICON": "console.navigation.icon",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "console.navigation.icon"},
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": ["console.navigation.stylesheet"],
    "SIDEBAR": {"show_search": True, "navigation": "console.navigation.sidebar"},
    "ACCOUNT": {"navigation": "console.navigation.account"},
    "COLORS": {
        "primary": PRIMARY,
    },
}

# -- Static files, language, time ----------------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
LANGUAGE_CODE = "en"
USE_I18N = False
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MUNIMENT_LOG_LEVEL") or "INFO"},
}
