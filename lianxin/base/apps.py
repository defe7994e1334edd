from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "lianxin.base"
    label = "base"
