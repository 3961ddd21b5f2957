"""Groups as rows of a table, with units in the names of the columns."""

from typing import Any

import pandas as pd

from engine.compare.answers import best
from engine.compare.costs import COSTS
from engine.compare.spread import Group
from pages.compare.view import View, title
from pages.shared.palette import letter


def shown(view: View) -> pd.DataFrame:
    """One row for each network, those on the front marked; columns that nobody has left out."""
    front = {id(group) for group in best(view.groups, view.cost)}
    rows = [_row(view, group, best_=id(group) in front) for group in view.groups]
    return pd.DataFrame(rows).dropna(axis="columns", how="all")


def _row(view: View, group: Group, *, best_: bool) -> dict[str, Any]:
    spread = None if group.deviation is None else 100 * group.deviation
    return {
        "Run": letter(view.place(group)),
        "Network": title(group),
        "On the front": best_,
        "Accuracy (%)": 100 * group.accuracy,
        "± over seeds": spread,
        "Lost (points)": 100 * group.lost,
        "Validation (%)": 100 * group.evidence.accuracy if group.validated else None,
    } | {_column(name): _amount(group, name) for name in COSTS}


def _column(name: str) -> str:
    cost = COSTS[name]
    return f"{cost.label} ({'kB' if cost.is_bytes else cost.unit})"


def _amount(group: Group, name: str) -> float | None:
    value = group.cost(name)
    return value if value is None or not COSTS[name].is_bytes else value / 1000
