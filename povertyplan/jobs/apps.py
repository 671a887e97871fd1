from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "povertyplan.jobs"
    verbose_name = "Việc chạy nền"
