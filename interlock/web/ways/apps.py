from django.apps import AppConfig


class WaysConfig(AppConfig):
    name = "interlock.web.ways"
    label = "ways"
