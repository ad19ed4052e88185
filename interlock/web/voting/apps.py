from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "interlock.web.voting"
    label = "voting"
