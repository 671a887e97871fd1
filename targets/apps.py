from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "targets"
    verbose_name = "Chỉ tiêu"

    def ready(self) -> None:
        from targets.resources import register_kinds  # noqa: PLC0415 -- models are loaded only by now

        register_kinds()
