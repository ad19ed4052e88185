from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "interlock.web.record"
    label = "record"
