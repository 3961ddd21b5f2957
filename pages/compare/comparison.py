"""What is compared, as charts and tables take it; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from engine.compare.answers import best
from engine.compare.candidate import COSTS
from engine.compare.spread import Group, family
from engine.settings import Settings
from pages.shared.charts.base import short
from pages.shared.charts.sizes import human
from pages.shared.palette import letter
from pages.shared.tables import kilobytes
from pages.shared.words import VARIANT_TITLES


@dataclass(frozen=True)
class Comparison:
    """The networks that are compared.

    Attributes:
        titles: of each run by its id, in the order of the choice.
        settings: of each run by its id.
        groups: the candidates of all of them, by network.
        cost: what accuracy is set against, by its name in `COSTS`.
    """

    titles: Mapping[str, str]
    settings: Mapping[str, Settings]
    groups: Sequence[Group]
    cost: str

    @cached_property
    def families(self) -> list[str]:
        """Runs that differ in the seed only count as one, in the order of the choice."""
        return list(dict.fromkeys(map(family, self.settings.values())))

    @cached_property
    def several(self) -> bool:
        """Whether there are networks of more than one family."""
        return len({group.first.family for group in self.groups}) > 1

    def number(self, group: Group) -> int:
        """The number of the group's family, from 0 on: it gives letter and colour."""
        return self.families.index(group.first.family)

    def value(self, group: Group) -> float:
        """The cost of a group; 0 where it has none."""
        return float(group.cost(self.cost) or 0)

    @property
    def stamp(self) -> str:
        """Changes whenever the comparison does."""
        members = [f"{c.run}{c.name}{len(c.costs)}" for g in self.groups for c in g.members]
        return f"{hash((*self.families, *members))}-{self.cost}"


def title(group: Group) -> str:
    """Such as: Weight, K = 90 %, dynamic int8, after fine-tuning."""
    first = group.first
    parts = [first.label, "" if first.numbers == "float32" else VARIANT_TITLES[first.numbers]]
    parts.append(f"{first.stage} fine-tuning" if first.stage else "")
    return ", ".join(part for part in parts if part)


def accuracy(group: Group) -> str:
    """Such as 97.93 %, with the deviation over the seeds where there is more than one."""
    spread = "" if group.deviation is None else f" ± {100 * group.deviation:.2f}"
    return f"{100 * group.accuracy:.2f}{spread} %"


def amount(value: float, cost: str) -> str:
    """A cost with its unit: 312 kB, 94.9k parameters."""
    unit = COSTS[cost]
    if unit.is_bytes:
        return human(value)
    return f"{short(round(value, 1))} {unit.unit.partition(' ')[0]}"


def axis(cost: str) -> str:
    """The name of a cost with its unit, as an axis bears it."""
    return f"{COSTS[cost].label}, {COSTS[cost].unit}"


def rows(comparison: Comparison) -> pd.DataFrame:
    """One row for each network, those on the front marked; columns that nobody has left out."""
    front = {id(group) for group in best(comparison.groups, comparison.cost)}
    found = [
        {
            "Run": letter(comparison.number(group)),
            "Network": title(group),
            "On the front": id(group) in front,
            "Accuracy (%)": 100 * group.accuracy,
            "± over seeds": None if group.deviation is None else 100 * group.deviation,
            "Lost (points)": 100 * group.lost,
            "Validation (%)": 100 * group.evidence.accuracy if group.validated else None,
        }
        | {
            f"{cost.label} ({'kB' if cost.is_bytes else cost.unit})": (
                kilobytes(group.cost(name)) if cost.is_bytes else group.cost(name)
            )
            for name, cost in COSTS.items()
        }
        for group in comparison.groups
    ]
    return pd.DataFrame(found).dropna(axis="columns", how="all")
