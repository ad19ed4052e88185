from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "interlock.web.people"
    label = "people"
