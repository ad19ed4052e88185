"""As little as serves these pages; database and compression as the site has them."""

import os

from interlock import home
from interlock.web.config import environment

INTERLOCK_HOME = home.folder()
SECRET_KEY = "the floor keeps no secrets"
DATABASES = {"default": environment.database(os.environ.get("DATABASE_URL"), INTERLOCK_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["floor"]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "floor.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
USE_TZ = True
