from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "lianxin.volunteers"
    label = "volunteers"
