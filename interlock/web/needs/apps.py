from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "interlock.web.needs"
    label = "needs"
