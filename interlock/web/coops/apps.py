from django.apps import AppConfig


class CoopsConfig(AppConfig):
    name = "interlock.web.coops"
    label = "coops"

    def ready(self) -> None:
        """Join the lists of the rooms below."""
