"""Runs as Python scripts that reproduce them through the public interface."""

from collections.abc import Mapping

from engine.settings import RunSettings, flat, options

PRINTS: Mapping[str, tuple[str, str]] = {
    "train": (
        "TrainSettings",
        """\
for epoch in result["epochs"]:
    validation, test = epoch["validation"]["accuracy"], epoch["test"]["accuracy"]
    print(f"epoch {epoch['epoch']:3}  validation {validation:7.2%}  test {test:7.2%}")
""",
    ),
    "sweep": (
        "SweepSettings, TrainSettings, percent",
        """\
for point in [result["baseline"], *result["points"]]:
    k = percent(point["sparsity"])
    loss = "diverged" if point["loss"] is None else f"{point['loss']:.3f}"
    print(f"{point['method']:13} K = {k:>5} %  accuracy {point['accuracy']:7.2%}  "
          f"loss {loss:>8}  zip {point['bytes']['keras_zip']:>10,} bytes")
""",
    ),
    "schedule": (
        "ScheduleSettings, TrainSettings",
        """\
for name in ("baseline", "before", "after"):
    point = result[name]
    if point is not None:
        zeros, accuracy = point["achieved_sparsity"], point["accuracy"]
        size = f"{point['bytes']['keras_zip']:,} bytes"
        print(f"{name:9} zeros {zeros:7.2%}  accuracy {accuracy:7.2%}  zip {size:>16}")
""",
    ),
    "federate": (
        "FederateSettings",
        """\
for each in result["rounds"]:
    own, whole = ("" if each[name] is None else f"{each[name]:.2%}"
                  for name in ("mean_accuracy", "global_accuracy"))
    travelled = each["bytes_up"] + each["bytes_down"]
    print(f"round {each['round']:3}  own labels {own:>7}  all labels {whole:>7}  "
          f"travelled {travelled:>13,} bytes")
""",
    ),
    "export": (
        "ExportSettings, ScheduleSettings, TrainSettings",
        """\
for file in result["files"]:
    if file["error"]:
        print(f"{file['key']:38} {file['error']}")
        continue
    print(f"{file['key']:38} accuracy {file['accuracy']:7.2%}  "
          f"file {file['bytes']:>10,}  zip {file['zip_bytes']:>10,} bytes  "
          f"{file['latency']['median']:6.0f} µs")
print("smallest within one point:", result["smallest"])
""",
    ),
}
"""By kind: what is imported of the settings, and Python that prints a small table."""


def script(settings: RunSettings) -> str:
    """A program that runs these settings and prints a small table; run it from the project."""
    imported, table = PRINTS[settings.kind]
    return (
        f"from engine import client\nfrom engine.settings import {imported}\n\n"
        f"settings = {expression(settings)}\nresult = client.run(settings)\n{table}"
    )


def expression(settings: RunSettings, indent: str = "") -> str:
    """The settings as a Python expression; options at their default are left out."""
    name, inner, given = type(settings).__name__, f"{indent}    ", ""
    declared = options(type(settings))
    for option, value in flat(settings).items():
        if isinstance(value, RunSettings):
            given += f"{inner}{option}={expression(value, inner)},\n"
        elif value != declared[option].default:
            given += f"{inner}{option}={value!r},\n"
    return f"{name}.of(\n{given}{indent})" if given else f"{name}()"
