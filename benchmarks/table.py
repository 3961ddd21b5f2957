"""How benchmarks print: a title, rows of name and figure, the machine's load."""

import os
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

Result = TypeVar("Result")


def title(text: str) -> None:
    load = os.getloadavg()[0]
    print(f"\n== {text} ==  ({os.cpu_count()} cores, load average {load:.1f})", flush=True)


def row(name: str, value: str) -> None:
    print(f"  {name:<62} {value}", flush=True)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    begun = perf_counter()
    result = work()
    return perf_counter() - begun, result


def verdict(name: str, value: float, limit: float, *, unit: str, at_least: bool = False) -> None:
    """The figure beside its target; benchmarks inform, they never fail a build."""
    met = value >= limit if at_least else value <= limit
    sign = "≥" if at_least else "≤"
    row(
        name,
        f"{value:,.2f} {unit}   (target {sign} {limit:g} {unit}: {'met' if met else 'MISSED'})",
    )
