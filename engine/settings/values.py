"""What a setting may be: how it is checked, read from what a person wrote, and written again.

`check` returns the value as it is kept and raises `InvalidInput` that names it. `read` makes of a
text what `check` then judges, so a text that spells no number is refused in the same words as
any other bad value. `write` is what `read` would read: on a command line, in a field.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine import checks
from engine.settings.levels import MOST_SPARSITY, on_grid, percent, sparsity_from_percent


class Value(ABC):
    """A kind of value."""

    __slots__ = ()

    @property
    @abstractmethod
    def allowed(self) -> str:
        """What is allowed, in words that go on from: must be."""

    @abstractmethod
    def check(self, name: str, value: Any) -> Any:
        """The value as it is kept.

        Raises:
            InvalidInput: it is not allowed.
        """

    def read(self, text: str) -> Any:
        """The value that a text spells; the text itself where it spells none."""
        return number(text)

    def write(self, value: Any) -> str:
        """The value as a person would write it."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Whole(Value):
    """A whole number from `low` to `high`."""

    low: int
    high: int

    @property
    def allowed(self) -> str:  # noqa: D102
        return f"a whole number from {self.low:,} to {self.high:,}"

    def check(self, name: str, value: Any) -> int:  # noqa: D102
        return checks.whole(name, value, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Real(Value):
    """A finite number from `low` to `high`.

    Attributes:
        low, high: the bounds.
        above: whether `low` itself is refused.
        step: of the buttons beside a field.
        percent: whether a field shows it in percent; a command line never does.
    """

    low: float
    high: float
    above: bool = False
    step: float = 0.01
    percent: bool = False

    @property
    def allowed(self) -> str:  # noqa: D102
        if self.above:
            return f"a number above {self.low:g} and at most {self.high:g}"
        return f"a number from {self.low:g} to {self.high:g}"

    def check(self, name: str, value: Any) -> float:  # noqa: D102
        checked = checks.real(name, value, self.low, self.high, allowed=self.allowed)
        if self.above and checked == self.low:
            raise checks.refuse(name, self.allowed, value)
        return checked


@dataclass(frozen=True, slots=True)
class Sparsity(Value):
    """A sparsity K: a fraction inside, in percent wherever a person writes or reads it.

    Attributes:
        most: the largest fraction.
        above: whether 0 is refused.
    """

    most: float = MOST_SPARSITY
    above: bool = False

    @property
    def allowed(self) -> str:  # noqa: D102
        bounds = f"above 0 and at most {self.most:g}" if self.above else f"from 0 to {self.most:g}"
        return f"a fraction {bounds}"

    def check(self, name: str, value: Any) -> float:  # noqa: D102
        checked = on_grid(checks.real(name, value, 0, self.most, allowed=self.allowed))
        if self.above and checked == 0:
            raise checks.refuse(name, self.allowed, value)
        return checked

    def read(self, text: str) -> float:  # noqa: D102
        return sparsity_from_percent(text)

    def write(self, value: float) -> str:  # noqa: D102
        return percent(value)


@dataclass(frozen=True, slots=True)
class Choice(Value):
    """One of a few names.

    Attributes:
        names: what can be chosen, or a function that looks: rooms are not looked into before.
        titles: how people read a name, where that is not the name itself.
        listed: whether there are too many, or too long ones, to stand side by side.
    """

    names: tuple[str, ...] | Callable[[], tuple[str, ...]]
    titles: tuple[tuple[str, str], ...] = ()
    listed: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen, in order."""
        return self.names if isinstance(self.names, tuple) else self.names()

    @property
    def allowed(self) -> str:  # noqa: D102
        return "one of " + ", ".join(self.options)

    def check(self, name: str, value: Any) -> str:  # noqa: D102
        return checks.choice(name, value, self.options)

    def read(self, text: str) -> str:  # noqa: D102
        return text.strip()

    def title(self, name: str) -> str:
        """How people read a name."""
        return dict(self.titles).get(name, name.capitalize())


@dataclass(frozen=True, slots=True)
class Maybe(Value):
    """None, or a value of a kind; None stands for a choice that the work makes itself."""

    value: Value

    @property
    def allowed(self) -> str:  # noqa: D102
        return self.value.allowed

    def check(self, name: str, value: Any) -> Any:  # noqa: D102
        return None if value is None else self.value.check(name, value)

    def read(self, text: str) -> Any:  # noqa: D102
        return self.value.read(text)

    def write(self, value: Any) -> str:  # noqa: D102
        return "" if value is None else self.value.write(value)


@dataclass(frozen=True, slots=True)
class Several(Value):
    """A list without repetition.

    Attributes:
        each: what an entry may be.
        one: what an entry is called in a message; empty is as the list.
        of: what entries are called, as in: a list of 1 to 5 methods.
        most: entries at most; 0 is as many as can be chosen.
        empty: whether no entry is allowed too.
        order: by what the entries are sorted; None keeps the order that was given.
    """

    each: Value
    one: str
    of: str
    most: int = 0
    empty: bool = False
    order: Callable[[Any], Any] | None = None

    @property
    def allowed(self) -> str:  # noqa: D102
        return f"{self.of}, with commas; each {self.each.allowed}"

    def check(self, name: str, value: Any) -> tuple[Any, ...]:  # noqa: D102
        if self.empty and value == ():
            return ()
        most = self.most or len(getattr(self.each, "options", ()))
        given = checks.distinct(name, value, of=self.of, most=most)
        checked = [self.each.check(self.one or name, entry) for entry in given]
        checked = list(checks.distinct(name, checked, of=self.of, most=most))
        return tuple(sorted(checked, key=self.order) if self.order else checked)

    def read(self, text: str) -> tuple[Any, ...]:  # noqa: D102
        return tuple(self.each.read(word) for word in words(text))

    def write(self, value: Sequence[Any]) -> str:  # noqa: D102
        return ",".join(self.each.write(entry) for entry in value)


@dataclass(frozen=True, slots=True)
class Pair(Value):
    """Two values, such as a method and its K: ``weight:90``.

    Attributes:
        first, second: what they may be.
        names: what each of both is called in a message.
        between: the character between them.
        such: what a text has to look like.
    """

    first: Value
    second: Value
    names: tuple[str, str]
    such: str
    between: str = ":"

    @property
    def allowed(self) -> str:  # noqa: D102
        return self.such

    def check(self, name: str, value: Any) -> tuple[Any, Any]:  # noqa: D102
        if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
            raise checks.refuse(name, self.such, value)
        return (
            self.first.check(self.names[0], value[0]),
            self.second.check(self.names[1], value[1]),
        )

    def read(self, text: str) -> Any:  # noqa: D102
        first, found, second = text.partition(self.between)
        if not found:
            return text
        return self.first.read(first.strip()), self.second.read(second.strip())

    def write(self, value: Sequence[Any]) -> str:  # noqa: D102
        return f"{self.first.write(value[0])}{self.between}{self.second.write(value[1])}"


def words(text: str) -> list[str]:
    """The words of a list with commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def number(text: str) -> Any:
    """The number that a text spells; the text itself where it spells none."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
