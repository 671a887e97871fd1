from django.apps import AppConfig


class VillagesConfig(AppConfig):
    name = "povertyplan.villages"
    verbose_name = "Thôn"
