from django.apps import AppConfig


class ExploreConfig(AppConfig):
    name = "interlock.web.explore"
    label = "explore"
