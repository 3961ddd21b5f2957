"""At which steps the masks are updated, and to which sparsity.

The first step of a training is 1. An update happens at step t if begin <= t <= end and
(t - begin) is a multiple of the frequency; in between, and after the last one, the masks stay.
"""

from dataclasses import dataclass

import numpy as np

from engine.settings import ScheduleSettings

WAY = 0.75
"""Part of the steps after which an automatic polynomial ends; the rest repairs."""

UPDATES = 20
"""About how many updates an automatic frequency makes."""


@dataclass(frozen=True, slots=True)
class Staircase:
    """A schedule whose automatic values are found.

    Attributes:
        schedule: polynomial, constant, or ``once``: the first step only, as 2:4 does.
        initial: sparsity at begin, polynomial only.
        target: sparsity at the end.
        begin: the first step that may update.
        end: the last one; beyond `steps` it is never reached.
        power: of the polynomial.
        frequency: steps between updates.
        steps: optimizer steps of the whole training.
    """

    schedule: str
    initial: float
    target: float
    begin: int
    end: int
    power: float
    frequency: int
    steps: int

    def update_steps(self) -> range:
        """The steps at which the masks are updated, ascending."""
        if self.schedule == "once":
            return range(1, min(self.steps, 1) + 1)
        start = self.begin or self.frequency  # step 0 does not exist
        return range(start, min(self.end, self.steps) + 1, self.frequency)

    def sparsity(self, step: int) -> float:
        """The sparsity that an update at that step sets.

        In float32, as TFMOT computes it; 2:4 has no say in it and gives a half.
        """
        if self.schedule == "constant" or self.begin == self.end:
            return float(np.float32(self.target))
        if self.schedule == "once":
            return 0.5
        way = np.float32(step - self.begin) / np.float32(self.end - self.begin)
        left = np.float32(1) - np.clip(way, np.float32(0), np.float32(1))
        rise = np.float32(self.initial - self.target)
        return float(rise * np.power(left, np.float32(self.power)) + np.float32(self.target))

    def last_update(self, step: int) -> int | None:
        """The last update at or before that step; None before the first one."""
        updates = self.update_steps()
        if not updates or step < updates[0]:
            return None
        passed = min(step, updates[-1]) - updates[0]
        return updates[0] + passed // updates.step * updates.step

    def at(self, step: int) -> float:
        """The sparsity that holds at the end of that step; 0 before the first update."""
        last = self.last_update(step)
        return 0.0 if last is None else self.sparsity(last)


def staircase(settings: ScheduleSettings, steps: int) -> Staircase:
    """The schedule of the settings in a training of so many steps.

    End step and frequency are found where they are automatic.
    """
    begin, end, frequency = settings.begin_step, settings.end_step, settings.frequency
    if settings.schedule == "constant":
        end = end or steps
        frequency = frequency or max(1, (end - begin) // UPDATES)
    elif not end:
        way = max(1, round(WAY * (steps - begin)))
        frequency = frequency or max(1, way // UPDATES)
        end = begin + max(1, way // frequency) * frequency
    elif not frequency:  # the longest that lands on the end of the span and updates often enough
        span = end - begin
        most = max(1, span * 5 // (4 * UPDATES))
        frequency = next(each for each in range(most, 0, -1) if span % each == 0)
    return Staircase(
        schedule="once" if settings.pattern == "2:4" else settings.schedule,
        initial=settings.initial,
        target=settings.target,
        begin=begin,
        end=end,
        power=settings.power,
        frequency=frequency,
        steps=steps,
    )
