"""Runs as Python scripts that reproduce them through the public interface."""

import dataclasses
from collections.abc import Mapping
from typing import cast

from engine.settings import KINDS, Settings

SCRIPTS: Mapping[str, str] = {
    "train": """\
from engine import client
from engine.settings import TrainSettings

settings = {settings}
result = client.run(settings)
for epoch in result["epochs"]:
    validation, test = epoch["validation"]["accuracy"], epoch["test"]["accuracy"]
    print(f"epoch {{epoch['epoch']:3}}  validation {{validation:7.2%}}  test {{test:7.2%}}")
""",
    "sweep": """\
from engine import client
from engine.settings import SweepSettings, TrainSettings, percent

settings = {settings}
result = client.run(settings)
for point in [result["baseline"], *result["points"]]:
    k = percent(point["sparsity"])
    loss = "diverged" if point["loss"] is None else f"{{point['loss']:.3f}}"
    print(f"{{point['method']:13}} K = {{k:>5}} %  accuracy {{point['accuracy']:7.2%}}  "
          f"loss {{loss:>8}}  zip {{point['bytes']['keras_zip']:>10,}} bytes")
""",
    "schedule": """\
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
""",
    "federate": """\
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
""",
    "export": """\
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
""",
}
"""By kind; the settings are filled in, and other braces are doubled."""


def script(settings: Settings) -> str:
    """A program that runs these settings and prints a small table; run it from the project."""
    return SCRIPTS[settings.kind].format(settings=expression(settings))


def expression(settings: Settings, indent: str = "") -> str:
    """The settings as a Python expression; fields at their default are left out."""
    name, usual = type(settings).__name__, type(settings)()
    inner, fields = f"{indent}    ", ""
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, tuple(KINDS.values())):
            fields += f"{inner}{field.name}={expression(cast('Settings', value), inner)},\n"
        elif value != getattr(usual, field.name):
            fields += f"{inner}{field.name}={value!r},\n"
    return f"{name}(\n{fields}{indent})" if fields else f"{name}()"
