"""A setting is declared once: type, default, bounds, label, help, and where it matters.

From the declaration come the check, the option of a command, the field of a form, the words about
it, and the digest. Settings that belong together are one value inside another (`group`); where
there are kinds of them, each with settings of its own, the value is one of these kinds (`one_of`).
On a command line, in a form, in JSON and in a digest all of them stand side by side, by name:
`options` are their declarations, `flat` the values of those that matter, `Declared.of` reads them.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Self

from engine import checks
from engine.settings.values import Choice, Value
from engine.system import registry

OPTION, GROUP, INNER = "option", "group", "inner"
Matters = Callable[[Any], bool]
Kinds = Callable[[], Mapping[str, type[Any]]]


@dataclass(frozen=True, slots=True)
class Option:
    """What is known of a setting, beside the name of its field.

    Attributes:
        value: what it may be.
        default: what it is where nobody says otherwise.
        label: of its field, with the unit.
        help: one sentence for a person who has never seen it.
        name: of the option, where that is not the field's name.
        word: what it is called in messages, where that is not the option's name.
        matters: whether it makes a difference, of settings that are checked; None: always.
        kinds: the classes it names, for a value that is one of several kinds.
    """

    value: Value
    default: Any
    label: str
    help: str
    name: str = ""
    word: str = ""
    matters: Matters | None = None
    kinds: Kinds | None = None

    def called(self, name: str) -> str:
        """What the setting of that name is called in messages."""
        return self.word or name.replace("_", " ")


def option(
    default: Any,
    value: Value,
    *,
    label: str,
    help: str,  # noqa: A002  # the word of every other library
    name: str = "",
    word: str = "",
    matters: Matters | None = None,
) -> Any:
    """A field of a settings class; see `Option`."""
    declared = Option(value, default, label, help, name, word, matters)
    return dataclasses.field(default=default, metadata={OPTION: declared})


def group(settings: type[Any]) -> Any:
    """A field that holds settings which belong together; their names stand among the others."""
    return dataclasses.field(default_factory=settings, metadata={GROUP: settings})


def one_of(
    default: str,
    kinds: Kinds,
    *,
    label: str,
    help: str,  # noqa: A002  # the word of every other library
    titles: tuple[tuple[str, str], ...] = (),
) -> Any:
    """A field that holds settings of one of several kinds; the option of its name says which.

    Args:
        default: the name of a kind.
        kinds: settings classes by name; asked for when somebody needs them.
        label, help: as in `Option`.
        titles: as in `Choice`.
    """

    def names() -> tuple[str, ...]:
        return tuple(kinds())

    def first() -> Any:
        return kinds()[default]()

    declared = Option(Choice(names, titles), default, label, help, kinds=kinds)
    return dataclasses.field(default_factory=first, metadata={OPTION: declared})


def from_room(room: str) -> Kinds:
    """The kinds that a room of the house holds."""
    return partial(registry.found, room)


def inner(default: Callable[[], Any], types: tuple[type[Any], ...], *, allowed: str) -> Any:
    """A field that holds the settings of another run."""
    return dataclasses.field(default_factory=default, metadata={INNER: (types, allowed)})


def options(settings: type[Any]) -> Mapping[str, Option]:
    """The options that a settings class declares, those of its groups and kinds among them."""
    found: dict[str, Option] = {}
    for field in dataclasses.fields(settings):
        if GROUP in field.metadata:
            found |= options(field.metadata[GROUP])
        elif OPTION in field.metadata:
            declared = field.metadata[OPTION]
            found[declared.name or field.name] = declared
            for kind in declared.kinds().values() if declared.kinds else ():
                found = {**options(kind), **found}
    return found


def flat(settings: Any) -> dict[str, Any]:
    """The values of all options that exist and matter, by name; a kind is told by its name."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(settings):
        value, declared = getattr(settings, field.name), field.metadata.get(OPTION)
        if GROUP in field.metadata:
            found |= flat(value)
        elif declared is None:
            found[field.name] = value
        elif declared.kinds:
            found |= {declared.name or field.name: value.name, **flat(value)}
        elif declared.matters is None or declared.matters(settings):
            found[declared.name or field.name] = value
    return found


def chosen(settings: Any) -> dict[str, Any]:
    """Of the values of `flat`, those that their kinds do not have anyway.

    They are what goes along where another kind is chosen: each has defaults of its own.
    """
    values, declared = flat(settings), options(type(settings))
    kinds = {n: value for n, value in values.items() if n in declared and declared[n].kinds}
    usual = flat(type(settings).of(**kinds))
    return {n: v for n, v in values.items() if n in kinds or n not in usual or v != usual[n]}


class Declared:
    """Settings that are valid by construction: frozen dataclasses of declared fields."""

    __slots__ = ()

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Settings from the values of options by name; what is not named has its default.

        Raises:
            InvalidInput: a name is unknown, or a value is not allowed, also one that does not
                matter.
        """
        declared = options(cls)
        runs = (f.name for f in dataclasses.fields(cls) if INNER in f.metadata)  # type: ignore[arg-type]  # subclasses are
        known = {*declared, *runs}
        for name in values:
            checks.choice("setting", name, sorted(known))
        made: Self = _build(cls, values)
        for name in values.keys() - flat(made).keys():
            declared[name].value.check(declared[name].called(name), values[name])
        return made

    def but(self, **values: Any) -> Self:
        """These settings with the values of some options in the place of their own.

        Another kind has its own defaults, not those of the one that was chosen before.

        Raises:
            InvalidInput: as of `of`.
        """
        return type(self).of(**{**chosen(self), **values})

    def __post_init__(self) -> None:
        """Check every field, and let go of what does not matter.

        Raises:
            InvalidInput: a value is not allowed; the line names the first bad one.
        """
        for field in dataclasses.fields(self):  # type: ignore[arg-type]  # subclasses are
            self._check(field, getattr(self, field.name))
        self._together()
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            declared = field.metadata.get(OPTION)
            if declared and declared.matters is not None and not declared.matters(self):
                self._set(field.name, declared.default)
        self._settle()

    def _check(self, field: "dataclasses.Field[Any]", value: object) -> None:
        if OPTION in field.metadata:
            declared: Option = field.metadata[OPTION]
            called = declared.called(declared.name or field.name)
            if declared.kinds is None:
                self._set(field.name, declared.value.check(called, value))
            elif not isinstance(value, tuple(declared.kinds().values())):
                self._set(field.name, declared.kinds()[declared.value.check(called, value)]())
        else:
            types, allowed = field.metadata.get(
                INNER, (field.metadata.get(GROUP, object), "settings of its own")
            )
            if not isinstance(value, types):
                raise checks.refuse(field.name, allowed, value)

    def _together(self) -> None:
        """Check what several fields say together."""

    def _settle(self) -> None:
        """Write alike what is alike; fields that do not matter have their default already."""

    def _set(self, name: str, value: object) -> None:
        """The one door into a frozen value, while it is made."""
        object.__setattr__(self, name, value)


class RunSettings(Declared):
    """Settings of a run.

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


def _build(settings: type[Any], values: Mapping[str, Any]) -> Any:
    """Settings of a class from those of the values that it declares."""
    given: dict[str, Any] = {}
    for field in dataclasses.fields(settings):
        declared: Option | None = field.metadata.get(OPTION)
        name = (declared and declared.name) or field.name
        if GROUP in field.metadata:
            given[field.name] = _build(field.metadata[GROUP], values)
        elif declared and declared.kinds:
            kind = declared.value.check(declared.called(name), values.get(name, declared.default))
            given[field.name] = _build(declared.kinds()[kind], values)
        elif name in values:
            given[field.name] = values[name]
    return settings(**given)
