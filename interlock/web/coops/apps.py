from django.apps import AppConfig


class CoopsConfig(AppConfig):
    name = "interlock.web.coops"
    label = "coops"

    def ready(self) -> None:
        """Join the lists of the rooms below."""
        from interlock.web.budgets.queries import insiders
        from interlock.web.coops.queries.rounds import belonged_to

        insiders.append(belonged_to)
