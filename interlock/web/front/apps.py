from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "interlock.web.front"
    label = "front"
