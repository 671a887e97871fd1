from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "povertyplan.web"
    verbose_name = "Trang chung"
