from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "povertyplan.areas"
    verbose_name = "Địa bàn"
