from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "povertyplan.exchange"
    verbose_name = "Nhập, xuất Excel"
