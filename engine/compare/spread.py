"""The same settings at other seeds, and candidates that differ in the seed only, as one."""

import dataclasses
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.compare.candidate import Candidate
from engine.results.intervals import paired_interval
from engine.results.paired import in_words
from engine.settings import Settings, digest

STUDY = (0, 1, 2)
"""The seeds of a repetition."""

Value = TypeVar("Value")


def with_seed(settings: Value, seed: int) -> Value:
    """The settings with this seed, in everything that they start from too."""
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(settings):  # type: ignore[arg-type]  # settings are dataclasses
        value = getattr(settings, field.name)
        if field.name == "seed":
            changed["seed"] = seed
        elif dataclasses.is_dataclass(value):
            changed[field.name] = with_seed(value, seed)
    return dataclasses.replace(settings, **changed)  # type: ignore[type-var]


def family(settings: Settings) -> str:
    """The id that settings share which differ in their seeds only."""
    return digest(with_seed(settings, 0))


def study(settings: Settings) -> list[Settings]:
    """The settings once with each seed of a study."""
    return [with_seed(settings, seed) for seed in STUDY]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What validation images say of a network, over all its seeds.

    Attributes:
        images: that chose, of one seed: seeds hold out images of the same training set.
        accuracy: share answered right.
        lost: share that only the unpruned network answers right.
        gained: share that only this network answers right.
        alone: whether there is no unpruned network to compare with.
    """

    images: int
    accuracy: float
    lost: float
    gained: float
    alone: bool = False

    @property
    def loss(self) -> float:
        """What it loses against the unpruned network, as a share."""
        return self.lost - self.gained

    @property
    def sentence(self) -> str:
        """What a choice by these images rests on."""
        if self.alone:
            return f"On {self.images:,} validation images {100 * self.accuracy:.2f} % are right."
        text = in_words(self.images, self.loss, self.interval)
        return f"{text[:1].upper()}{text[1:]}."

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of `loss`, paired; see `engine.results.intervals`."""
        return paired_interval(self.images, self.images * self.lost, self.images * self.gained)


@dataclass(frozen=True, slots=True)
class Group:
    """The same network at one or more seeds; never empty."""

    members: tuple[Candidate, ...]

    def __post_init__(self) -> None:
        """Raise ValueError for a group of nobody or of strangers."""
        if len({(each.family, each.name) for each in self.members}) != 1:
            raise ValueError(f"{len(self.members)} candidates are not one network at many seeds")

    @property
    def first(self) -> Candidate:
        """The member of the lowest seed."""
        return self.members[0]

    @property
    def accuracy(self) -> float:
        """Mean over the seeds."""
        return statistics.fmean(each.accuracy for each in self.members)

    @property
    def deviation(self) -> float | None:
        """Standard deviation over the seeds (n - 1); None for a single seed."""
        values = [each.accuracy for each in self.members]
        return statistics.stdev(values) if len(values) > 1 else None

    @property
    def lost(self) -> float:
        """Mean over the seeds of what each lost against its own unpruned network, as a share."""
        return statistics.fmean(each.baseline - each.accuracy for each in self.members)

    @property
    def validated(self) -> bool:
        """Whether every member was measured on validation images."""
        return all(each.validation is not None for each in self.members)

    @property
    def evidence(self) -> Evidence:
        """What the validation images say, as means over the seeds.

        Raises:
            ValueError: a member was not measured on them.
        """
        told = [each.validation for each in self.members if each.validation is not None]
        if len(told) < len(self.members):
            raise ValueError(f"{self.first.label} was not measured on validation images")
        return Evidence(
            images=min(each.images for each in told),
            accuracy=statistics.fmean(each.accuracy for each in told),
            lost=statistics.fmean(each.lost / each.images for each in told),
            gained=statistics.fmean(each.gained / each.images for each in told),
            alone=self.first.alone,
        )

    def cost(self, name: str) -> float | None:
        """The largest over the seeds, in its unit, so that a limit holds for each; or None."""
        values = [each.costs.get(name) for each in self.members]
        known = [value for value in values if value is not None]
        return max(known) if len(known) == len(values) else None


def groups(candidates: Iterable[Candidate]) -> list[Group]:
    """The candidates by network, seeds ascending; in the order of their first appearance."""
    found: dict[tuple[str, tuple[str, str, str]], list[Candidate]] = {}
    for each in candidates:
        found.setdefault((each.family, each.name), []).append(each)
    return [Group(tuple(sorted(some, key=lambda c: c.seed))) for some in found.values()]


def with_cost(found: Sequence[Group], cost: str) -> list[Group]:
    """Those for which the cost, by its name in `COSTS`, was measured."""
    return [group for group in found if group.cost(cost) is not None]
