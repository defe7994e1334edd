"""Why the product does not start: one line that says what to do, never a traceback."""

import os

EXIT_CODE = os.EX_CONFIG


class CannotStart(Exception):
    """Something outside the program must be put right first; the message says what. Trying again would not help."""
