from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "lianxin.users"
    label = "users"
