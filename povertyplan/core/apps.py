from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "povertyplan.core"
    verbose_name = "Nền chung"

    def ready(self) -> None:
        from povertyplan.core import checks  # noqa: F401, PLC0415 -- registers itself once apps are loaded
