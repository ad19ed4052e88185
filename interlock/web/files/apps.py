from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "interlock.web.files"
    label = "files"
