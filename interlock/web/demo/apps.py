from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "interlock.web.demo"
    label = "demo"
