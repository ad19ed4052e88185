"""Every setting, from the environment. One file; what an operator may set has its sentence."""

import os

from interlock import home
from interlock.web.config import environment

# Where state lives. INTERLOCK_HOME holds the database, the keys and what was published.
INTERLOCK_HOME = home.folder()
SECRET_KEY = home.kept_secret(INTERLOCK_HOME / "secret")
# DATABASE_URL names a PostgreSQL server (postgres://user:password@host/name); empty means SQLite.
DATABASES = {"default": environment.database(os.environ.get("DATABASE_URL"), INTERLOCK_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who may reach it. INTERLOCK_HOSTS lists the host names it answers to, with commas between.
ALLOWED_HOSTS = environment.names("INTERLOCK_HOSTS", "localhost,127.0.0.1,[::1]")
# INTERLOCK_ORIGIN is the address people type, with https://; links in mail begin with it.
INTERLOCK_ORIGIN = os.environ.get("INTERLOCK_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [INTERLOCK_ORIGIN]
# INTERLOCK_DEBUG=1 shows errors in full, to developers only.
DEBUG = environment.flag("INTERLOCK_DEBUG", False)
# INTERLOCK_REGISTRATION=0: only people invited with `interlock sign-in-link` can sign in.
INTERLOCK_REGISTRATION = environment.flag("INTERLOCK_REGISTRATION", True)

# INTERLOCK_NEARBY lists host:port, with commas between, of which profiles may be fetched by http and
# from this machine or network too: for trials only.
INTERLOCK_NEARBY = environment.names("INTERLOCK_NEARBY", "")

# What it publishes. INTERLOCK_OCID_PREFIX and INTERLOCK_360G_PREFIX are those that the Open Contracting
# Partnership and 360Giving gave the publisher; until then these mark a site that has none.
INTERLOCK_OCID_PREFIX = os.environ.get("INTERLOCK_OCID_PREFIX", "ocds-000000")
INTERLOCK_360G_PREFIX = os.environ.get("INTERLOCK_360G_PREFIX", "360G-interlock")

# How it speaks. INTERLOCK_REGION is the country whose way of writing money and dates is used.
INTERLOCK_REGION = os.environ.get("INTERLOCK_REGION", "US")
# INTERLOCK_LANGUAGE is the language of a visitor who has chosen none and asks for none.
LANGUAGE_CODE = os.environ.get("INTERLOCK_LANGUAGE", "en")
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [home.ROOT / "interlock" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# EMAIL_URL (smtp://user:password@host:port) sends mail; empty writes it to INTERLOCK_HOME/mail.
globals().update(environment.mail(os.environ.get("EMAIL_URL"), INTERLOCK_HOME))
# INTERLOCK_SENDER is the address that mail comes from.
DEFAULT_FROM_EMAIL = os.environ.get("INTERLOCK_SENDER", "Interlock <interlock@localhost>")

INSTALLED_APPS = [
    "interlock.web.look",
    "interlock.web.record",
    "interlock.web.files",
    "interlock.web.people",
    "interlock.web.messages",
    "interlock.web.institutions",
    "interlock.web.ties",
    "interlock.web.needs",
    "interlock.web.ways",
    "interlock.web.explore",
    "interlock.web.voting",
    "interlock.web.budgets",
    "interlock.web.delivery",
    "interlock.web.coops",
    "interlock.web.surveys",
    "interlock.web.observatory",
    "interlock.web.front",
    "interlock.web.demo",
    "allauth",
    "allauth.account",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "js_lib_leaflet",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "interlock.web.look.middleware.Compress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "interlock.web.look.middleware.remember_language",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "interlock.web.look.middleware.bound_uploads",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "interlock.web.look.middleware.content_policy",
    "interlock.web.look.middleware.ExplainRefusals",
]

ROOT_URLCONF = "interlock.web.config.urls"
WSGI_APPLICATION = "interlock.web.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["interlock.web.look.loading.Loader"],
                        )
                    ],
                )
            ],
            "builtins": [
                "interlock.web.look.templatetags.look",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "interlock.web.look.navigation.for_page",
            ],
        },
    }
]
FORM_RENDERER = "interlock.web.look.forms.Renderer"

STATIC_URL = "static/"
STATIC_ROOT = INTERLOCK_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# Signing in: a code by e-mail, no password anywhere.
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front:desk"
ACCOUNT_ADAPTER = "interlock.web.people.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# What travels over https stays there; a loopback address has no certificate.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = INTERLOCK_ORIGIN.startswith("https://")
if SESSION_COOKIE_SECURE:  # then a proxy stands in front, and says so in this header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "interlock.web.look.views.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
