"""A moment as an operator types it: "2026-11-20 16:40" in the city's time, or with an offset of its own."""

import argparse
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    """For `argparse`: an aware moment."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a moment like 2026-11-20 16:40") from None
    return typed if typed.tzinfo else typed.replace(tzinfo=ZONE)
