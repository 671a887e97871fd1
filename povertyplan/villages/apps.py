from django.apps import AppConfig


class VillagesConfig(AppConfig):
    name = "povertyplan.villages"
    verbose_name = "Thôn"

    def ready(self) -> None:
        from povertyplan.villages.resources import register_kinds  # noqa: PLC0415 -- models are loaded only by now

        register_kinds()
