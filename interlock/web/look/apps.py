from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "interlock.web.look"
    label = "look"
