from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "interlock.web.messages"
    label = "mail"
