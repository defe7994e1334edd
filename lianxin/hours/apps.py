from django.apps import AppConfig


class HoursConfig(AppConfig):
    name = "lianxin.hours"
    label = "hours"
