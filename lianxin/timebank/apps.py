from django.apps import AppConfig


class TimebankConfig(AppConfig):
    name = "lianxin.timebank"
    label = "timebank"
