"""Where the log goes (`LIANXIN_LOG`): a file per day, standard output, or syslog; errors on standard error as well."""

import os
from pathlib import Path
from typing import Any

from lianxin.config import environment

FILES, STDOUT, SYSLOG = "files", "stdout", "syslog"
SYSLOG_PORT = 514


def log_folder() -> Path:
    """The folder of the daily files."""
    return environment.var_folder() / "log"


def log_to() -> str:
    """`files`, `stdout`, `syslog` or `syslog:HOST[:PORT]`."""
    return os.environ.get("LIANXIN_LOG", FILES)


def log_settings() -> dict[str, Any]:
    """Django's `LOGGING`: everything that is said, by us or by a library, goes through one formatter."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "lianxin.base.logs.AsJson"}},
        "handlers": {
            "log": {"formatter": "json", "level": "INFO"} | _handler(log_to()),
            "errors": {"formatter": "json", "level": "ERROR", "class": "logging.StreamHandler"},
        },
        "root": {"handlers": ["log"] if log_to() == STDOUT else ["log", "errors"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO"},
            # The access log says the same with the request's number; an error still comes with its traceback.
            "django.request": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
        },
    }


def _handler(to: str) -> dict[str, Any]:
    kind, _, where = to.partition(":")
    if kind == STDOUT:
        return {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}
    if kind == SYSLOG:
        host, _, port = where.rpartition(":") if where.count(":") == 1 else (where, "", str(SYSLOG_PORT))
        address = (host, int(port)) if host else "/dev/log"
        return {"class": "logging.handlers.SysLogHandler", "address": address}
    return {"class": "lianxin.base.logs.DailyFiles", "folder": str(log_folder())}
