import socket
from collections.abc import Iterator

import pytest


@pytest.fixture
def live_port() -> Iterator[int]:
    """A port on which somebody listens already."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])
