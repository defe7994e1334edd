"""Every address: the residents' and volunteers' site, the organisations' console, and the health check."""

from django.urls import include, path

from lianxin.config.health import healthz

urlpatterns = [
    path("", include(("lianxin.site.urls", "site"))),
    path("console/", include(("lianxin.console.urls", "console"))),
    path("healthz", healthz, name="healthz"),
]

handler500 = "lianxin.config.errors.server_error"
