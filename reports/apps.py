from django.apps import AppConfig
from django.core.checks import register


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Văn bản"

    def ready(self) -> None:
        from reports.checks import fonts_installed  # noqa: PLC0415 -- needs the registry of apps

        register(fonts_installed)
