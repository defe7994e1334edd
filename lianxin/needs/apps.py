from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "lianxin.needs"
    label = "needs"
