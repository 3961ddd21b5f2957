"""Settings as a Python script that reproduces the run through the public interface."""

import dataclasses
from collections.abc import Mapping
from typing import Any, cast

from engine.settings import KINDS, Settings

_SWEEP = """\
from engine import client
from engine.settings import SweepSettings, TrainSettings, percent

settings = {settings}
result = client.run(settings)
for point in [result["baseline"], *result["points"]]:
    k = percent(point["sparsity"])
    loss = "diverged" if point["loss"] is None else f"{{point['loss']:.3f}}"
    print(f"{{point['method']:13}} K = {{k:>5}} %  accuracy {{point['accuracy']:7.2%}}  "
          f"loss {{loss:>8}}  zip {{point['bytes']['keras_zip']:>10,}} bytes")
"""

_TRAIN = """\
from engine import client
from engine.settings import TrainSettings

settings = {settings}
result = client.run(settings)
for epoch in result["epochs"]:
    validation, test = epoch["validation"]["accuracy"], epoch["test"]["accuracy"]
    print(f"epoch {{epoch['epoch']:3}}  validation {{validation:7.2%}}  test {{test:7.2%}}")
"""

_EXPORT = """\
from engine import client
from engine.settings import ExportSettings, ScheduleSettings, TrainSettings

settings = {settings}
result = client.run(settings)
for file in result["files"]:
    if file["error"]:
        print(f"{{file['key']:38}} {{file['error']}}")
        continue
    print(f"{{file['key']:38}} accuracy {{file['accuracy']:7.2%}}  "
          f"file {{file['bytes']:>10,}}  zip {{file['zip_bytes']:>10,}} bytes  "
          f"{{file['latency']['median']:6.0f}} µs")
print("smallest within one point:", result["smallest"])
"""

_SCHEDULE = """\
from engine import client
from engine.settings import ScheduleSettings, TrainSettings

settings = {settings}
result = client.run(settings)
for name in ("baseline", "before", "after"):
    point = result[name]
    if point is not None:
        zeros, accuracy = point["achieved_sparsity"], point["accuracy"]
        size = f"{{point['bytes']['keras_zip']:,}} bytes"
        print(f"{{name:9}} zeros {{zeros:7.2%}}  accuracy {{accuracy:7.2%}}  zip {{size:>16}}")
"""

_FEDERATE = """\
from engine import client
from engine.settings import FederateSettings

settings = {settings}
result = client.run(settings)
for each in result["rounds"]:
    own, whole = ("" if each[name] is None else f"{{each[name]:.2%}}"
                  for name in ("mean_accuracy", "global_accuracy"))
    travelled = each["bytes_up"] + each["bytes_down"]
    print(f"round {{each['round']:3}}  own labels {{own:>7}}  all labels {{whole:>7}}  "
          f"travelled {{travelled:>13,}} bytes")
"""

_SCRIPTS: Mapping[str, str] = {
    "train": _TRAIN,
    "sweep": _SWEEP,
    "schedule": _SCHEDULE,
    "export": _EXPORT,
    "federate": _FEDERATE,
}
"""The script of each kind of run; braces are doubled, `{settings}` is filled in."""


def code(settings: Settings) -> str:
    """A script that runs these settings and prints a small table; run it from the project."""
    return _SCRIPTS[settings.kind].format(settings=expression(settings))


def expression(settings: Settings, indent: str = "") -> str:
    """The settings as a Python expression; fields at their default are left out."""
    inner = indent + "    "
    fields = [
        f"{inner}{field.name}={_value(getattr(settings, field.name), inner)},\n"
        for field in dataclasses.fields(settings)
        if _nested(getattr(settings, field.name))
        or getattr(settings, field.name) != _default(settings, field)
    ]
    body = f"\n{''.join(fields)}{indent}" if fields else ""
    return f"{type(settings).__name__}({body})"


def _default(settings: Settings, field: "dataclasses.Field[Any]") -> object:
    return getattr(type(settings)(), field.name)


def _value(value: object, indent: str) -> str:
    return expression(cast("Settings", value), indent) if _nested(value) else repr(value)


def _nested(value: object) -> bool:
    return isinstance(value, tuple(KINDS.values()))
