"""All settings, read from the environment once; `docs/architecture.md` explains the two modes.

Nothing here is a secret. Every variable is described in `.env.example`; a bad value stops the
process with a sentence that names the variable.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF

from tiktok import api_settings, budgets, schedule
from tiktok.call_environment import read_ice, read_livekit
from tiktok.environment import (
    ENCODERS,
    Environment,
    broker_options,
    database_from,
    keep_secret,
    require_secret,
    storage_from,
)
from tiktok.push_environment import read_push

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(os.environ)
TESTING = "PYTEST_VERSION" in os.environ or "pytest" in Path(sys.argv[0]).name

DATA_DIR = Path(env.text("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
SCRATCH_DIR = DATA_DIR / "scratch"
STATIC_ROOT = DATA_DIR / "static"
for directory in (DATA_DIR, SCRATCH_DIR, STATIC_ROOT):
    directory.mkdir(parents=True, exist_ok=True)

DEBUG = env.switch("DEBUG", default=False)
DATABASE_URL = env.text("DATABASE_URL")
REDIS_URL = env.text("REDIS_URL")
EMBEDDED = not DATABASE_URL
PUBLIC_URL = env.text(
    "PUBLIC_URL", default=f"http://localhost:{env.whole('PORT', default=8000)}"
).rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")

if EMBEDDED:
    SECRET_KEY = env.text("SECRET_KEY") or keep_secret(DATA_DIR / "secret_key")
    JWT_SIGNING_KEY = env.text("JWT_SIGNING_KEY") or keep_secret(DATA_DIR / "jwt_key")
    MEDIA_SIGNING_KEY = env.text("MEDIA_SIGNING_KEY") or keep_secret(DATA_DIR / "media_key")
else:
    SECRET_KEY = require_secret("SECRET_KEY", env.text("SECRET_KEY"))
    JWT_SIGNING_KEY = require_secret("JWT_SIGNING_KEY", env.text("JWT_SIGNING_KEY"))
    MEDIA_SIGNING_KEY = require_secret("MEDIA_SIGNING_KEY", env.text("MEDIA_SIGNING_KEY"))
SECRET_KEY_FALLBACKS = env.parts("SECRET_KEY_FALLBACKS", default=[])

PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or "localhost"
ALLOWED_HOSTS = env.parts("ALLOWED_HOSTS", default=[PUBLIC_HOST, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXY_COUNT", default=0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
INTERNAL_NETWORKS = env.parts("INTERNAL_NETWORKS", default=["127.0.0.0/8", "::1/128"])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "core",
    "accounts",
    "social.graph",
    "videos",
    "social.engagement",
    "feed",
    "chat",
    "moderation",
    "notifications",
]

MIDDLEWARE = [
    "core.http.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.http.middleware.TrailingSlashMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.http.middleware.PageBodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.DeviceSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.http.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "tiktok.urls"
WSGI_APPLICATION = "tiktok.wsgi.application"
ASGI_APPLICATION = "tiktok.asgi.application"
APPEND_SLASH = False

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
                "csp.context_processors.nonce",
                "social.graph.context.waiting",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------------------------
DATABASES = {
    "default": database_from(
        DATABASE_URL, DATA_DIR, pool_size=env.whole("DATABASE_POOL_SIZE", default=16)
    )
}
PREPARED_STATEMENTS = env.switch("DATABASE_PREPARED_STATEMENTS", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

XDIST_WORKER = env.text("PYTEST_XDIST_WORKER")
CACHE_KEY_PREFIX = env.text("CACHE_KEY_PREFIX", default="toptop") + (
    f":{XDIST_WORKER}" if TESTING else ""
)
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": CACHE_KEY_PREFIX,
            "OPTIONS": {
                "SOCKET_CONNECT_TIMEOUT": 0.5,
                "SOCKET_TIMEOUT": 0.5,
                # While Redis is away it is an empty cache: whatever is in it is in the database.
                "IGNORE_EXCEPTIONS": True,
            },
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "toptop",
            "KEY_PREFIX": CACHE_KEY_PREFIX,
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    }
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

AWS_STORAGE_BUCKET_NAME = env.text("AWS_STORAGE_BUCKET_NAME")
AWS_S3_ENDPOINT_URL = env.text("AWS_S3_ENDPOINT_URL") or None
AWS_ACCESS_KEY_ID = env.text("AWS_ACCESS_KEY_ID") or None
AWS_SECRET_ACCESS_KEY = env.text("AWS_SECRET_ACCESS_KEY") or None
AWS_S3_REGION_NAME = env.text("AWS_S3_REGION_NAME", default="us-east-1")
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL_BASE = env.text("MEDIA_URL_BASE").rstrip("/")
MEDIA_ACCEL_LOCATION = env.text("MEDIA_ACCEL_LOCATION")
STORAGES = {
    "default": storage_from(
        bucket=AWS_STORAGE_BUCKET_NAME,
        endpoint=AWS_S3_ENDPOINT_URL,
        access_key=AWS_ACCESS_KEY_ID,
        secret_key=AWS_SECRET_ACCESS_KEY,
        region=AWS_S3_REGION_NAME,
        media_root=MEDIA_ROOT,
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED or TESTING
        else "core.staticfiles.HashedStorage"
    },
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_AUTOREFRESH = DEBUG

# --- Uploads and processing (videos) ----------------------------------------------------------
FFMPEG = env.text("FFMPEG") or None
VIDEO_ENCODER = env.choice("VIDEO_ENCODER", ENCODERS, default="libx264")
CAPTIONS_COMMAND = env.command("CAPTIONS_COMMAND", "{audio}")
CAPTIONS_LANGUAGE = env.language("CAPTIONS_LANGUAGE")
CAPTIONS_FILES = env.parts("CAPTIONS_FILES")
CAPTIONS_SECONDS = env.whole("CAPTIONS_SECONDS", default=1800)
CAPTIONS_MEMORY_BYTES = env.whole("CAPTIONS_MEMORY_BYTES", default=16 * 1024**3)
TRANSCODERS = env.whole("TRANSCODERS", default=0)
UPLOAD_MAX_BYTES = env.whole("UPLOAD_MAX_BYTES", default=2 * 1024**3)
PHOTO_MAX_BYTES = env.whole("PHOTO_MAX_BYTES", default=25 * 1024**2)
UPLOAD_CHUNK_BYTES = 8 * 1024**2
UPLOAD_MAX_OPEN = env.whole("UPLOAD_MAX_OPEN", default=10)
UPLOAD_TTL = timedelta(hours=24)
# Browsers send to the object store itself; the page asks for it by this.
UPLOAD_DIRECT = env.switch("UPLOAD_DIRECT", default=False) and bool(AWS_STORAGE_BUCKET_NAME)
AWS_S3_PUBLIC_ENDPOINT_URL = env.text("AWS_S3_PUBLIC_ENDPOINT_URL") or AWS_S3_ENDPOINT_URL
UPLOADS_PER_DAY = env.whole("UPLOADS_PER_DAY", default=200)
UPLOAD_BYTES_PER_DAY = env.whole("UPLOAD_BYTES_PER_DAY", default=20 * 1024**3)
USER_QUOTA_BYTES = env.whole("USER_QUOTA_BYTES", default=20 * 1024**3)
PROCESSING_LEASE = timedelta(seconds=env.whole("PROCESSING_LEASE_SECONDS", default=60))
PROCESSING_MAX_ATTEMPTS = 3
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2
FILE_UPLOAD_TEMP_DIR = SCRATCH_DIR
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# --- Jobs -------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL") or REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, DATA_DIR)
if TESTING:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.01}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = schedule.CELERY_BEAT_SCHEDULE

# --- Accounts ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "accounts.hashers.ImportedBCryptHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "accounts.validators.MaximumLengthValidator", "OPTIONS": {"max_length": 128}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:signin"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
EMAIL_URL = env.text("EMAIL_URL")
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username", "password1*"]
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
}
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "optional"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = bool(EMAIL_URL)
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Tóp Tóp] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_RATE_LIMITS = (
    {} if TESTING else {"signup": "20/m/ip", "login": "30/m/ip", "login_failed": None}
)

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "ALGORITHM": "HS256",
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ISSUER": PUBLIC_URL,
    "AUDIENCE": "toptop-api",
    "USER_ID_CLAIM": "sub",
    "TOKEN_TYPE_CLAIM": "typ",
    "LEEWAY": 30,
    "UPDATE_LAST_LOGIN": False,
}
# On: strangers see no video; they are asked to sign in.
SIGN_IN_REQUIRED = env.switch("SIGN_IN_REQUIRED", default=False)
# The first key signs; the others only verify, while the tokens they signed run out.
JWT_SIGNING_KEYS = [JWT_SIGNING_KEY, *env.parts("JWT_PREVIOUS_SIGNING_KEYS")]
PASSWORD_RESET_TIMEOUT = 3600
REFRESH_SLIDING = timedelta(days=30)
REFRESH_ABSOLUTE = timedelta(days=180)
REFRESH_REUSE_GRACE = timedelta(seconds=10)

if EMAIL_URL:
    vars().update(environ.Env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "accounts.mail.KeepAndPrintBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default=f"Tóp Tóp <no-reply@{PUBLIC_HOST}>")

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = api_settings.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api_settings.SPECTACULAR_SETTINGS
RATE_LIMIT_SCALE = env.number("RATE_LIMIT_SCALE", default=1.0)
RATE_BUDGETS = budgets.RATE_BUDGETS
# Threads of each web process that prepare what is about to be asked for; 0 does it at once.
FEED_THREADS = 0 if TESTING else env.whole("FEED_THREADS", default=2)
# What reactions say beside watching, where it differs from `feed.recommender.models`.
FEED_SIGNAL_WEIGHTS = env.named_numbers("FEED_SIGNAL_WEIGHTS")

# --- Sockets ----------------------------------------------------------------------------------
# Threads for pages and API where they share the sockets' process (the embedded mode).
ASGI_THREADS = 64
SOCKET_HEARTBEAT_SECONDS = env.number("SOCKET_HEARTBEAT_SECONDS", default=25)
SOCKET_DRAIN_SECONDS = env.number("SOCKET_DRAIN_SECONDS", default=20)
CALL_RING_SECONDS = env.whole("CALL_RING_SECONDS", default=60)
ICE = read_ice(env)
LIVEKIT = read_livekit(env)
PUSH = read_push(
    env,
    contact=PUBLIC_URL if HTTPS else f"mailto:no-reply@{PUBLIC_HOST}",
    kept_in=DATA_DIR if EMBEDDED else None,
)

# --- Web --------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MEDIA_ORIGINS = (
    ["{0.scheme}://{0.netloc}".format(urlsplit(MEDIA_URL_BASE))] if MEDIA_URL_BASE else []
)
UPLOAD_ORIGINS = (
    ["{0.scheme}://{0.netloc}".format(urlsplit(AWS_S3_PUBLIC_ENDPOINT_URL))]
    if UPLOAD_DIRECT and AWS_S3_PUBLIC_ENDPOINT_URL
    else [f"https://s3.{AWS_S3_REGION_NAME}.amazonaws.com"]
    if UPLOAD_DIRECT
    else []
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *MEDIA_ORIGINS],
        "media-src": [SELF, "blob:", *MEDIA_ORIGINS],
        "connect-src": [SELF, *MEDIA_ORIGINS, *UPLOAD_ORIGINS, *LIVEKIT.origins],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"propagate": True, "handlers": []}},
}
