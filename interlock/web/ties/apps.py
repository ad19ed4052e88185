from django.apps import AppConfig


class TiesConfig(AppConfig):
    name = "interlock.web.ties"
    label = "ties"
