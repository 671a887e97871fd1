"""Settings of every process: web, worker, commands and tests. All choices come from the environment.

``docs/operations.md`` lists the variables. Nothing outside POVERTYPLAN_HOME is written at run time.
"""

import secrets
import sysconfig
from pathlib import Path

import pgtrigger

from povertyplan import postgres
from povertyplan.settings import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
MODE = env.mode()
IS_PRODUCTION = env.PRODUCTION == MODE
HOME = Path(env.text("POVERTYPLAN_HOME") or BASE_DIR / "var").resolve()
PORT = env.integer("PORT", 8000)
DEBUG = False


def _secret_key() -> str:
    """In production given by the operator; in a demo made once and kept in HOME, readable by its owner only."""
    given = env.text("SECRET_KEY")
    if IS_PRODUCTION:
        return env.required("SECRET_KEY")
    if given:
        return given
    path = HOME / "secret_key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _database() -> dict[str, object]:
    url = env.text("DATABASE_URL")
    try:
        return postgres.from_url(url) if url else postgres.ensure_running(HOME).as_django()
    except postgres.EmbeddedError as error:
        raise env.SettingsError(str(error)) from error


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]", "testserver"))
if IS_PRODUCTION:
    env.required("ALLOWED_HOSTS")
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "demo-Only-2025")
HTTPS = env.boolean("HTTPS", default=IS_PRODUCTION)

INSTALLED_APPS = [
    "povertyplan.web",
    "reports",
    "projects",
    "targets",
    "households",
    "povertyplan.offices",
    "povertyplan.papers",
    "povertyplan.villages",
    "povertyplan.exchange",
    "povertyplan.accounts",
    "povertyplan.areas",
    "povertyplan.jobs",
    "povertyplan.core",
    "pgtrigger",
    "pghistory",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "import_export",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "povertyplan.accounts.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "povertyplan.core.middleware.audit_actor",
    "povertyplan.accounts.middleware.forced_password_change",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "povertyplan.urls"
WSGI_APPLICATION = "povertyplan.wsgi.application"
FORM_RENDERER = "povertyplan.core.forms.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "povertyplan.web.context.page",
            ],
            "builtins": ["povertyplan.core.templatetags.vi", "template_partials.templatetags.partials"],
        },
    }
]

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "accounts:login"
SESSION_COOKIE_AGE = env.integer("SESSION_HOURS", 8) * 3600
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 5 / 60  # hours: five minutes
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "povertyplan.accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time we announced stays true
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", Path(sysconfig.get_path("purelib")) / "bootstrap" / "css")]
STATIC_ROOT = BASE_DIR / "build" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A target table of 200 villages posted without script: every cell and its version is a field.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_APPEND_ONLY = True
PGHISTORY_ADMIN_MODEL = None
IMPORT_EXPORT_USE_TRANSACTIONS = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["povertyplan.core.api.access.SessionLogin"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["povertyplan.core.api.access.Json"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PAGINATION_CLASS": "povertyplan.core.api.access.Pages",
    "DEFAULT_SCHEMA_CLASS": "povertyplan.core.api.schema.ApiSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": f"{env.integer('API_CALLS_PER_MINUTE', 600)}/minute"},
    "EXCEPTION_HANDLER": "povertyplan.core.api.refusals.refusal",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Names of choices in the API's schema are those of the code.
API_CHOICES = (
    "Category Sex Relation Schooling Qualification Work Disability HealthCard Nutrition Maternity MemberLeft "
    "HouseholdClosed RoundKind RoundState Step ListedBecause ReviewState ScreenResult B1Source Water Latrine Device "
    "IncomeSource Need RecognitionKind RequestKind Channel RequestResult"
)
TARGET_CHOICES = (
    "PlanState VersionState LayoutName StartSource QuotaIssuer QuotaSubject QuotaForm Meaning GoalScope GoalUnit "
    "Comparison Measure Method"
)
SPECTACULAR_SETTINGS = {
    "TITLE": "povertyplan",
    "VERSION": "1",
    "DESCRIPTION": "Poverty review of a commune: registry, rounds, forms, summaries, targets. See docs/api.md.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {f"{name}Choice": f"households.choices.{name}" for name in API_CHOICES.split()}
    | {f"{name}Choice": f"targets.choices.{name}" for name in TARGET_CHOICES.split()}
    | {"AllocatedChoice": "targets.serializers.allocation.ALLOCATED"}
    | {"SettingChoice": "povertyplan.areas.choices.Setting", "LevelChoice": "povertyplan.areas.choices.Level"},
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
CSRF_FAILURE_VIEW = "povertyplan.web.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING").upper()},
}
