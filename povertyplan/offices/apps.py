from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "povertyplan.offices"
    verbose_name = "Cơ quan, cán bộ"
