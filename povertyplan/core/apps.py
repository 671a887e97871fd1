from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "povertyplan.core"
    verbose_name = "Nền chung"
