from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "interlock.web.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Join the lists of the rooms below."""
        from interlock.web.budgets.actions import following
        from interlock.web.delivery import joining
        from interlock.web.record.wording import sentences

        following.append(joining.begin)
        sentences.update(joining.MONEY_SENTENCES)
