"""Django's settings: one file, everything that differs between deployments comes from `environment`."""

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from lianxin.base.keys import load_or_create
from lianxin.config import environment
from lianxin.config.log_settings import log_settings

BASE_DIR = environment.SOURCE
DEBUG = environment.is_yes("LIANXIN_DEBUG")

KEY_FILE = environment.key_file()
KEYS = load_or_create(KEY_FILE)
SECRET_KEY = KEYS.signing

ALLOWED_HOSTS = environment.answered_names()
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in environment.hostnames()]
DEMO_ALLOWED = environment.is_loopback() or environment.is_yes("LIANXIN_DEMO_ON_NETWORK")

TRUSTED_PROXIES = environment.trusted_proxies()
SECURE_PROXY_SSL_HEADER = (
    "HTTP_X_FORWARDED_PROTO",
    "https",
)  # from a trusted proxy only
IS_HTTPS = environment.is_yes("LIANXIN_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0

LOGGING = log_settings()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "lianxin.base",
    "lianxin.journal",
    "lianxin.ledger",
    "lianxin.users",
    "lianxin.notices",
    "lianxin.organisations",
    "lianxin.people",
    "lianxin.volunteers",
    "lianxin.exchange",
    "lianxin.timebank",
    "lianxin.hours",
    "lianxin.needs",
    "lianxin.site",
    "lianxin.console",
    "lianxin.demo",
]

MIDDLEWARE = [
    "lianxin.base.middleware.behind_proxy",
    "lianxin.base.middleware.numbered",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "lianxin.users.sessions.Middleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lianxin.base.middleware.named",
    "lianxin.users.proofs.Gate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lianxin.base.middleware.private_pages",
    "lianxin.base.middleware.beside_a_list",
    "lianxin.base.middleware.Refusals",
]

ROOT_URLCONF = "lianxin.config.urls"
WSGI_APPLICATION = "lianxin.config.wsgi.application"
# Lists of places are long, and Django's own templates slow to draw them (`make bench NAME=widgets`).
FORM_RENDERER = "django.forms.renderers.Jinja2"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianxin.base.context.page",
                "lianxin.site.context.tabs",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "lianxin.base.templatetags.parts",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文"))]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

VAR_FOLDER = environment.var_folder()
STATIC_URL = "static/"
STATIC_ROOT = VAR_FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["lianxin.organisations.backend.Roles"]
SESSION_ENGINE = "lianxin.users.sessions"
LOGIN_URL = "site:sign_in"
SECOND_FACTOR_URL, PASSWORD_URL = "site:second", "site:password"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SIGN_IN_PROVIDERS = environment.sign_in_providers()
TRUST_PROVIDERS_PHONE = environment.is_yes("LIANXIN_TRUST_PROVIDERS_PHONE")

# Uploads are read in memory and sealed; none is ever written to the disk in the clear. Larger ones are not taken.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024

SMS_URL, SMS_KEY_FILE = environment.sms_url(), environment.sms_key_file()
SMS_CARRIER = f"lianxin.notices.carriers.{'Http' if SMS_URL else 'Outbox'}"
SMS_SIGNATURE = environment.sms_signature()
FONTS = environment.fonts()

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
