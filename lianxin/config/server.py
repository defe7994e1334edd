"""The web server: the application is loaded once, then granian forks its workers, so that they are up at once."""

import gc
import multiprocessing
import signal
from functools import partial

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from lianxin.config import environment
from lianxin.config.processes import die_with, first_free_port
from lianxin.config.service_user import step_down

THREADS_PER_PROCESS = 2
PATIENCE_WITH_REQUESTS = 3


def serve() -> None:
    """Serve pages until a signal asks us to stop; requests being answered have some seconds to end."""
    multiprocessing.set_start_method("fork")
    application = get_wsgi_application()
    gc.freeze()  # what is loaded now is never garbage: the workers share it, and their collections are short
    connections.close_all()  # what we opened ourselves must not be shared by forked workers
    server = Server(
        "lianxin.config.wsgi:application",
        address=environment.host(),
        port=environment.port(),
        interface=Interfaces.WSGI,
        workers=environment.web_processes(),
        blocking_threads=THREADS_PER_PROCESS,
        workers_kill_timeout=PATIENCE_WITH_REQUESTS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        websockets=False,
    )
    server.serve(target_loader=partial(_in_worker, application), wrap_loader=False)


def _in_worker(application: WSGIHandler) -> WSGIHandler:
    """granian's workers would go on serving after granian itself was killed, and they need not be root.

    Each opens the port itself, after this; a port that only root may open keeps them root.
    """
    server = multiprocessing.parent_process()
    if server and server.pid:
        die_with(server.pid, signal.SIGKILL)
        if environment.port() >= first_free_port():
            step_down(server.pid)
    return application
