"""How a bench says its figures: a line each, beside what it is compared with, and the same as JSON lines.

name value unit | compared-with value unit
"""

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

OUT = Path(__file__).parent / "out"


@dataclass(frozen=True)
class Figure:
    """One measured figure and its measure."""

    name: str
    value: float
    unit: str
    compared_with: str
    compared_value: float
    compared_unit: str

    def __str__(self) -> str:
        compared = f"{self.compared_with} {self.compared_value:g} {self.compared_unit}"
        return f"{self.name} {self.value:g} {self.unit} | {compared}"


def say(bench: str, figures: list[Figure]) -> None:
    """Print the figures and add them to `bench/out/<bench>.jsonl` with the day and the machine."""
    OUT.mkdir(exist_ok=True)
    about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": platform.platform()}
    with (OUT / f"{bench}.jsonl").open("a") as file:
        for figure in figures:
            print(figure)
            file.write(json.dumps(asdict(figure) | about, ensure_ascii=False) + "\n")
