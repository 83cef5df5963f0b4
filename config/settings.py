"""Everything an operator can set, read from the environment here and nowhere else.

docs/settings.md lists each variable; a test keeps that table true.
"""

import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.csp import CSP
from environs import Env
from psycopg.conninfo import conninfo_to_dict
from whitenoise.compress import Compressor

from openmentor.base import embedded, logs

env = Env()
ROOT = Path(__file__).resolve().parent.parent

# The installation

DATA = Path(env.str("OPENMENTOR_DATA", str(ROOT / ".data"))).resolve()
TESTING = env.bool("OPENMENTOR_TESTING", False)
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
PUBLIC_URL = env.str("PUBLIC_URL", f"http://localhost:{env.int('PORT', 8000)}").rstrip("/")
RATE_LIMITS = env.bool("RATE_LIMITS", True)


def _kept_secret(name: str) -> str:
    """A secret made once and kept in the data folder, readable by its owner only."""
    file = DATA / name
    if not file.exists():
        DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = DATA / f"{name}.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):  # Two first starts at once: the first link wins.
            file.hardlink_to(fresh)
        fresh.unlink()
    return file.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", "") or _kept_secret("secret-key")

_public = urlsplit(PUBLIC_URL)
HTTPS = _public.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", []) or [
    _public.hostname or "localhost",
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The database

WEB_WORKERS = env.int("WEB_WORKERS", 2)
WEB_THREADS = env.int("WEB_THREADS", 8)
DATABASE_URL = env.str("DATABASE_URL", "") or embedded.database_url(DATA, fast=TESTING)


def _database(url: str) -> dict[str, Any]:
    """Django's form of a PostgreSQL address; a web process's pool is as wide as its threads."""
    parts = conninfo_to_dict(url)
    options: dict[str, Any] = {
        name: value
        for name, value in parts.items()
        if name not in {"dbname", "user", "password", "host", "port"}
    }
    # Statements are planned once for each connection, not once for each call.
    options |= {"server_side_binding": True, "prepare_threshold": 2}
    if not TESTING:
        options["pool"] = {"min_size": 1, "max_size": WEB_THREADS + 2, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "openmentor"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "OPTIONS": options,
    }


DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 50_000},  # With Django's 300 a guesser could push limits out.
    }
}

# The application

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton",
    "django_htmx",
    "django_structlog",
    "ninja",
    "procrastinate.contrib.django",
    "openmentor.base",
    "openmentor.people",
    "openmentor.mentors",
    "openmentor.availability",
    "openmentor.payments",
    "openmentor.mentorships",
    "openmentor.booking",
    "openmentor.delivery",
    "openmentor.web",
    "openmentor.api",
    "openmentor.jobs",
    "demo",
]

MIDDLEWARE = [
    "openmentor.web.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "openmentor.web.zones.ReaderZoneMiddleware",
    "openmentor.web.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "openmentor" / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openmentor.web.context.page",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "openmentor.web.templatetags.openmentor",
            ],
        },
    }
]
COTTON_DIR = "components"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# People and how they sign in

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else []),
]
if TESTING:
    PASSWORD_HASHERS.reverse()  # Tests sign in hundreds of times; argon2 has a test of its own.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
VERIFY_EMAIL = env.bool("VERIFY_EMAIL", not DEMO)
ACCOUNT_ADAPTER = "openmentor.web.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "openmentor.web.accounts.SignupDetails"
ACCOUNT_EMAIL_VERIFICATION = "optional"  # Booking asks for it, not signing in (SPEC §17).
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # The others are signed out; this browser stays.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "OpenMentor"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
ACCESS_TOKEN_LIFETIME = timedelta(minutes=15)
REFRESH_TOKEN_LIFETIME = timedelta(days=30)
if not RATE_LIMITS:
    ACCOUNT_RATE_LIMITS = False
    MFA_RATE_LIMITS = False

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
PHOTO_LIMIT_BYTES = 5 * 1024 * 1024

# Words, zones, mail

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
SITE_NAME = env.str("SITE_NAME", "OpenMentor")
DEFAULT_TIMEZONE = env.str("DEFAULT_TIMEZONE", "UTC")
DEFAULT_CURRENCY = env.str("DEFAULT_CURRENCY", "INR")
AUTO_APPROVE_MENTORS = env.bool("AUTO_APPROVE_MENTORS", DEMO)

_mail = urlsplit(env.str("MAIL_URL", ""))
if _mail.scheme:
    MAILERS: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": _mail.hostname,
                "port": _mail.port or 587,
                "username": _mail.username or "",
                "password": _mail.password or "",
                "use_tls": _mail.scheme == "smtp+tls",
                "use_ssl": _mail.scheme == "smtps",
                "timeout": 20,
            },
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(DATA / "outbox")},
        }
    }
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", f"OpenMentor <no-reply@{_public.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Money

COMMISSION_BASIS_POINTS = env.int("COMMISSION_BASIS_POINTS", 0)
MOST_ACTIVE_MENTORSHIPS = env.int("MOST_ACTIVE_MENTORSHIPS", 0)
PAYMENT_TIMEOUT_SECONDS = env.int("PAYMENT_TIMEOUT_SECONDS", 15)
PAYMENT_PROVIDERS: dict[str, dict[str, Any]] = {}
if env.str("RAZORPAY_KEY_ID", ""):
    PAYMENT_PROVIDERS["razorpay"] = {
        "key_id": env.str("RAZORPAY_KEY_ID"),
        "key_secret": env.str("RAZORPAY_KEY_SECRET"),
        "webhook_secret": env.str("RAZORPAY_WEBHOOK_SECRET"),
        "account_id": env.str("RAZORPAY_ACCOUNT_ID", ""),
        "base_url": env.str("RAZORPAY_BASE_URL", "https://api.razorpay.com"),
        "checkout_url": env.str(
            "RAZORPAY_CHECKOUT_URL", "https://checkout.razorpay.com/v1/checkout.js"
        ),
        "timeout": PAYMENT_TIMEOUT_SECONDS,
    }
if env.str("STRIPE_SECRET_KEY", ""):
    PAYMENT_PROVIDERS["stripe"] = {
        "secret_key": env.str("STRIPE_SECRET_KEY"),
        "webhook_secret": env.str("STRIPE_WEBHOOK_SECRET"),
        "base_url": env.str("STRIPE_BASE_URL", "https://api.stripe.com"),
        "checkout_url": env.str("STRIPE_CHECKOUT_URL", "https://checkout.stripe.com"),
        "timeout": PAYMENT_TIMEOUT_SECONDS,
    }
if env.bool("MOCK_PAYMENTS", DEMO or TESTING):
    PAYMENT_PROVIDERS["mock"] = {}

# Meetings

MEETING_TIMEOUT_SECONDS = env.int("MEETING_TIMEOUT_SECONDS", 15)
JITSI: dict[str, str] = {
    "host": env.str("JITSI_HOST", "meet.jit.si"),
    "app_id": env.str("JITSI_APP_ID", ""),
    "secret": env.str("JITSI_APP_SECRET", ""),
    "audience": env.str("JITSI_AUDIENCE", "jitsi"),
    "subject": env.str("JITSI_SUBJECT", ""),
}
ZOOM: dict[str, Any] = {}
if env.str("ZOOM_ACCOUNT_ID", ""):
    ZOOM = {
        "account_id": env.str("ZOOM_ACCOUNT_ID"),
        "client_id": env.str("ZOOM_CLIENT_ID"),
        "client_secret": env.str("ZOOM_CLIENT_SECRET"),
        "user": env.str("ZOOM_USER", "me"),
        "base_url": env.str("ZOOM_BASE_URL", "https://api.zoom.us"),
        "auth_url": env.str("ZOOM_AUTH_URL", "https://zoom.us"),
        "timeout": MEETING_TIMEOUT_SECONDS,
    }
GOOGLE_MEET: dict[str, Any] = {}
if env.str("GOOGLE_SERVICE_ACCOUNT", ""):
    GOOGLE_MEET = {
        "service_account": env.str("GOOGLE_SERVICE_ACCOUNT"),
        "calendar": env.str("GOOGLE_MEET_CALENDAR", "primary"),
        "acts_for": env.str("GOOGLE_MEET_ACTS_FOR", ""),
        "base_url": env.str("GOOGLE_BASE_URL", "https://www.googleapis.com"),
        "token_url": env.str("GOOGLE_TOKEN_URL", "https://oauth2.googleapis.com/token"),
        "timeout": MEETING_TIMEOUT_SECONDS,
    }

# Files

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are most of the weight, and only a debugger asks for them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# The API and jobs

NINJA_PAGINATION_PER_PAGE = 20
PROCRASTINATE_IMPORT_PATHS = ["openmentor.jobs.timetable"]

# Logs

LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOG_FORMAT = env.str("LOG_FORMAT", "text", validate=lambda value: value in {"text", "json"})
LOGGING = logs.configured(level=LOG_LEVEL, style=LOG_FORMAT)
DJANGO_STRUCTLOG_CELERY_ENABLED = False
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # The proxy logs it; here it costs a tenth of a call.
DJANGO_STRUCTLOG_USER_ID_FIELD = "reference"
