"""Settings of the hub. Everything that differs between installations comes from the environment.

`docs/reference/settings.md` lists the variables. Without DATABASE_URL or REDIS_URL the servers that
`manage.py up` embeds are used, through their sockets in the data folder.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hub.settings_sources import boolean, broker_url, cache_url, database, names, number, secret_key

# Python looks for dead cycles after every 700 new objects, and looks at all objects for it. One page of a directory
# has 50,000, all of them alive: looking took half of the time of a reconcile.
gc.set_threshold(50_000, 20, 100)

BASE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("LOCKGATE_DATA") or BASE / "var").resolve()
ROLE = os.environ.get("LOCKGATE_ROLE", "command")  # web, worker, scheduler or command

DEBUG = False
SECRET_KEY = secret_key(DATA)
SECRET_KEY_FALLBACKS = names("LOCKGATE_SECRET_KEY_FALLBACKS", [])
PUBLIC_URL = os.environ.get("LOCKGATE_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = names("LOCKGATE_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
BEHIND_PROXY = boolean("LOCKGATE_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
EGRESS_ALLOW = tuple(names("LOCKGATE_EGRESS_ALLOW", []))
CONNECTOR_PATHS = names("LOCKGATE_CONNECTOR_PATHS", [])
CONNECTION_USERS: list[str] = [
    "workflows.services.uses.uses_of"
]  # Functions (by name) that say what uses a connection.
CONNECTIONS_SPARED: list[str] = [
    "workflows.engine.halts.spared_connections"
]  # Functions (by name) that give a condition: connections that nothing calls by itself now.

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "axes",
    "csp",
    "hub.watch",
    "hub.accounts",
    "hub.vault",
    "hub.audit",
    "hub.api",
    "hub.registry",
    "hub.administration",
    "hub.connections",
    "hub.operations",
    "hub.web",
    "workflows",
]
MIDDLEWARE = [
    "hub.api.proxies.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
MOUNTS = {"/hooks/": "workflows.triggers.intake.application"}  # WSGI applications beside Django's, by prefix.
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [BASE / "workflows" / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]
DOCTOR_CHECKS = {  # Lines of `manage.py doctor` about what is built on the hub: functions (by name) to a Finding.
    "Work": "workflows.services.condition.check_work",
    "Pools": "workflows.services.condition.check_pools",
    "Plans": "workflows.services.condition.check_plans",
    "Retention": "workflows.services.condition.check_retention",
    "Event sources": "workflows.services.condition.check_sources",
}
DIAGNOSTICS = {  # What `manage.py diagnostics` collects of what is built on the hub: functions by name.
    "troubles": "workflows.services.troubles.recent",
}

DATABASES = {"default": database(DATA, role=ROLE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
CSRF_FAILURE_VIEW = "hub.web.handlers.csrf_refused"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")
SESSION_COOKIE_AGE = 12 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static" if (DATA / "static").is_dir() else None  # Otherwise served from where they are.
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["hub.api.parsing.Json"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["hub.api.authentication.BearerToken", "hub.api.authentication.Session"],
    "DEFAULT_PERMISSION_CLASSES": [],  # The services check the actor's roles.
    "DEFAULT_THROTTLE_CLASSES": ["hub.api.throttling.PerCaller"],
    "DEFAULT_SCHEMA_CLASS": "hub.api.schema.Schema",
    "EXCEPTION_HANDLER": "hub.api.handling.api_exception_handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
CONNECTION_TEST_SECONDS = number("LOCKGATE_CONNECTION_TEST_SECONDS", default=900)
API_REQUESTS_PER_MINUTE = number("LOCKGATE_API_REQUESTS_PER_MINUTE", default=1200)
API_ANONYMOUS_REQUESTS_PER_MINUTE = number("LOCKGATE_API_ANONYMOUS_REQUESTS_PER_MINUTE", default=120)
STEP_MEMORY_MB = number("LOCKGATE_STEP_MEMORY_MB", default=200)
CONTENT_STORE = os.environ.get("LOCKGATE_CONTENT_STORE", "")
CONTENT_FOLDER = os.environ.get("LOCKGATE_CONTENT_FOLDER", "")
LIVE_STREAMS = number("LOCKGATE_LIVE_STREAMS", default=24)
API_URLCONFS = [  # Parts that are not installed are left out.
    "hub.administration.api_urls",
    "hub.connections.api_urls",
    "hub.registry.api_urls",
    "hub.audit.api_urls",
    "workflows.api.urls",
]
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Lockgate",
    "DESCRIPTION": "Workflow automation with a gate on every change. Problems are RFC 9457 documents.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {"DeliveryOutputStateEnum": "workflows.models.DeliveryState"},
    "SORT_OPERATIONS": False,
}

REDIS_URL = broker_url(DATA)
CACHES = {
    "default": {
        "BACKEND": "hub.api.cache.SharedCache",
        "LOCATION": cache_url(REDIS_URL),
        "KEY_PREFIX": "lockgate",
    }
}
CELERY = {
    "broker_url": REDIS_URL,
    "broker_connection_retry_on_startup": True,
    # Longer than the second for which a worker listens at a time, so that only a broker that hangs is given up.
    "broker_transport_options": {"visibility_timeout": 3600, "socket_timeout": 3, "socket_connect_timeout": 1},
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_default_queue": "lockgate",
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "broker_connection_timeout": 2,
}
POOLS = tuple(names("LOCKGATE_POOLS", [])) or ("default",)
CALLS_AT_ONCE = max(1, number("LOCKGATE_CALLS_AT_ONCE", default=128))
STEP_SECONDS = max(1, number("LOCKGATE_STEP_SECONDS", default=60))
METRICS_TOKEN = os.environ.get("LOCKGATE_METRICS_TOKEN", "")
METRICS = [  # Where the figures of `/metrics` come from: functions (by name) that yield families of them.
    "hub.watch.metrics.counted",
    "hub.operations.measures.measure",
    "hub.connections.measures.measure",
    "workflows.services.measures.measure",
    "workflows.services.measures.measure_plans",
    "workflows.services.measures.measure_alerts",
    "workflows.services.measures.measure_doubts",
]
LOGGING_CONFIG = "hub.watch.logs.configure"
LOGGING = {
    "json": boolean("LOCKGATE_LOG_JSON", default=False),
    "level": os.environ.get("LOCKGATE_LOG_LEVEL", "INFO").upper(),
    "whole_process": ROLE != "command",
    "secrets": [  # Whatever else is secret is learned when the vault opens it.
        SECRET_KEY,
        *SECRET_KEY_FALLBACKS,
        METRICS_TOKEN,
        DATABASES["default"].get("PASSWORD", ""),
        os.environ.get("LOCKGATE_ADMIN_PASSWORD", ""),
        urlsplit(REDIS_URL).password or "",
        *(part.partition(":")[2] for part in names("LOCKGATE_VAULT_KEYS", [])),
        *(part.partition("=")[2] for part in names("OTEL_EXPORTER_OTLP_HEADERS", [])),
    ],
}

# What the scheduler calls, and how often, in seconds.
SCHEDULER_JOBS: dict[str, float] = {
    "workflows.tasks.fire": 1.0,
    "workflows.tasks.sweep": 1.0,
    "workflows.tasks.tend": 5.0,
    "hub.connections.looking_after.look": 20.0,
    "hub.audit.evidence.sealing.seal_all": 900.0,
    "hub.audit.evidence.keeping.empty_all": 3600.0,
    "workflows.engine.lateness.tell_late": 60.0,
    "workflows.engine.alerting.look": 30.0,
    "workflows.tasks.take_turns": 10.0,
    "workflows.tasks.remove": 300.0,
    "workflows.tasks.weigh": 3600.0,
}
