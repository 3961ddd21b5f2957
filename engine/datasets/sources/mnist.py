"""MNIST, which ships with the project."""

from pathlib import Path

from engine.datasets.idx import BundledIdx, mnist_parts

MNIST = BundledIdx(
    name="mnist",
    order=10,
    title="MNIST",
    origin="Yann LeCun, Corinna Cortes, Christopher J. C. Burges; ships with Prunescope",
    license="CC BY-SA 3.0",
    class_names=tuple("0123456789"),
    path=Path(__file__).parents[1] / "mnist.xz",
    parts=mnist_parts(
        (
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        )
    ),
)

SOURCES = (MNIST,)
