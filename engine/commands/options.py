"""Options of commands: those of settings come from their declarations.

They arrive as text and are checked by the settings themselves, so that a bad value has the same
message here, in the browser and in Python.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import typer

from engine.datasets import describe, import_npz, settled
from engine.errors import InvalidInput
from engine.networks.architecture import architecture_of
from engine.settings import Option, TrainSettings, options
from engine.settings.values import Choice, Maybe, Real, Whole

Text: TypeAlias = str | None
Texts: TypeAlias = dict[str, str]
"""What a person wrote, by the names of settings; what was not written is not there."""

Kind = TypeVar("Kind")
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the result to this file.")]
Preset = Annotated[Text, typer.Option(help="Settings to start from.")]
TRAINING = options(TrainSettings)


def takes(declared: Mapping[str, Option]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for each declared setting; it gets the texts as `given`."""

    def with_options(function: Callable[..., None]) -> Callable[..., None]:
        others = inspect.signature(function, eval_str=True).parameters.values()
        parameters = [
            *(_parameter(name, each) for name, each in declared.items()),
            *(each for each in others if each.name != "given"),
        ]

        @functools.wraps(function)
        def command(**values: Any) -> None:
            texts = {name: values.pop(name) for name in declared}
            function({name: text for name, text in texts.items() if text is not None}, **values)

        command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # Typer reads it
            [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
        )
        command.__annotations__ = {each.name: each.annotation for each in parameters}
        return command

    return with_options


def _parameter(name: str, declared: Option) -> inspect.Parameter:
    said = declared.help
    if isinstance(declared.value, Choice | Maybe | Real | Whole):
        said = f"{said} {declared.value.allowed[0].upper()}{declared.value.allowed[1:]}."
    flag = typer.Option(f"--{name.replace('_', '-')}", help=said)
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=None, annotation=Annotated[Text, flag])


def read(declared: Mapping[str, Option], given: Texts) -> dict[str, Any]:
    """The values that the texts spell, of those settings that are declared; not checked yet.

    Raises:
        InvalidInput: a text spells no value, or a file cannot be imported.
    """
    return {
        name: dataset(text) if name == "dataset" else declared[name].value.read(text)
        for name, text in given.items()
        if name in declared
    }


def train_settings(start: TrainSettings, given: Texts) -> TrainSettings:
    """Training settings: those of `start` with what is given of a training in their place.

    Raises:
        InvalidInput: a value is not allowed.
    """
    settings = settled(start.but(**read(TRAINING, given)))
    if settings.network != "dense":
        data = describe(settings.data.dataset, channels=settings.data.channels)
        architecture_of(settings, data.image_shape, data.classes)  # or the run would find out
    return settings


def preset(name: Text, presets: Mapping[str, Callable[[], Kind]], default: Kind) -> Kind:
    """The settings of a preset, or `default`.

    Raises:
        InvalidInput: there is no preset of that name.
    """
    if name is None:
        return default
    if name not in presets:
        raise InvalidInput(f"preset must be {' or '.join(presets)}, not {name!r}")
    return presets[name]()


def dataset(text: str) -> str:
    """The name of a data set; a person's own .npz is imported first, or raises InvalidInput."""
    return import_npz(Path(text)) if text.lower().endswith(".npz") else text
