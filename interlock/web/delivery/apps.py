from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "interlock.web.delivery"
    label = "delivery"
