from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "povertyplan.papers"
    verbose_name = "Văn bản viện dẫn"
