"""A setting is declared once: type, default, bounds, label, help, and where it matters.

From the declaration come the check, the option of a command, the field of a form, the words about
it, and the digest. What does not matter takes its default, so that equal work is one run.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine import checks
from engine.settings.values import Value

OPTION, INNER = "option", "inner"
Matters = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Option:
    """What is known of a setting, beside its name and its default.

    Attributes:
        value: what it may be.
        label: of its field, with the unit.
        help: one sentence for a person who has never seen it.
        word: what it is called in messages, where that is not its name.
        matters: whether it makes a difference, of settings that are checked; None: always.
    """

    value: Value
    label: str
    help: str
    word: str
    matters: Matters | None

    def called(self, name: str) -> str:
        """What the setting of that name is called in messages."""
        return self.word or name.replace("_", " ")


def option(
    default: Any,
    value: Value,
    *,
    label: str,
    help: str,  # noqa: A002  # the word of every other library
    word: str = "",
    matters: Matters | None = None,
) -> Any:
    """A field of a settings class; see `Option`."""
    declared = Option(value, label, help, word, matters)
    return dataclasses.field(default=default, metadata={OPTION: declared})


def inner(default: Callable[[], Any], types: tuple[type[Any], ...], *, allowed: str) -> Any:
    """A field that holds other settings."""
    return dataclasses.field(default_factory=default, metadata={INNER: (types, allowed)})


def options(settings: type[Any]) -> Mapping[str, Option]:
    """The options that a settings class declares, by the names of their fields."""
    return {
        field.name: field.metadata[OPTION]
        for field in dataclasses.fields(settings)
        if OPTION in field.metadata
    }


class Declared:
    """Settings that are valid by construction: frozen dataclasses of declared fields.

    Attributes:
        kind: of run, as in files, addresses and the store.
        title: the kind for people.
        first_guess: seconds that a run takes as long as none of its kind has ended here.
        done_first: what is done where another run needs one of this kind, as in: trains its
            baseline.
    """

    __slots__ = ()
    kind: ClassVar[str]
    title: ClassVar[str]
    first_guess: ClassVar[float]
    done_first: ClassVar[str]

    def __post_init__(self) -> None:
        """Check every field, and let go of what does not matter.

        Raises:
            InvalidInput: a value is not allowed; the line names the first bad one.
        """
        for name, each in options(type(self)).items():
            self._set(name, each.value.check(each.called(name), getattr(self, name)))
        for field in dataclasses.fields(self):  # type: ignore[arg-type]  # subclasses are
            types, allowed = field.metadata.get(INNER, ((object,), ""))
            if not isinstance(getattr(self, field.name), types):
                raise checks.refuse(field.name, allowed, getattr(self, field.name))
        self._together()
        self._forget()
        self._settle()

    def _together(self) -> None:
        """Check what several fields say together."""

    def _settle(self) -> None:
        """Write alike what is alike; fields that do not matter have their default already."""

    def _forget(self) -> None:
        defaults = {field.name: field.default for field in dataclasses.fields(self)}  # type: ignore[arg-type]
        for name, each in options(type(self)).items():
            if each.matters is not None and not each.matters(self):
                self._set(name, defaults[name])

    def _set(self, name: str, value: object) -> None:
        """The one door into a frozen value, while it is made."""
        object.__setattr__(self, name, value)
