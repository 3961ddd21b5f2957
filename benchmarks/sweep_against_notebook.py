"""The sweep against the plain notebook way: accuracy, loss and zip of 10 K by weight and unit.

The notebook clones the Keras model, sets the pruned weights, compiles, evaluates, saves and zips,
point by point. Both prune the same way and answer the same 10,000 images. Each side has a process
of its own, as it has in life, so that neither pays for what the other leaves in memory; they take
turns, and each begins with a round that does not count.
"""

import multiprocessing
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.baseline import Baseline, home, trained
from benchmarks.table import row, timed, title, verdict
from engine.networks.network import Network
from engine.settings import SweepSettings

SPARSITIES = (0.0, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)
METHODS = ("weight", "unit")
REPEATS = 3

Figures = dict[tuple[str, float], tuple[float, float, int]]


def notebook(base: Baseline) -> Figures:
    """Accuracy, loss and zipped bytes of each point, the way a notebook measures them."""
    from engine.training import keras_model  # noqa: PLC0415  # isort: skip  # silences TensorFlow
    import tf_keras as keras  # noqa: PLC0415

    model = keras_model.from_network(base.network)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    figures: Figures = {}
    for method in METHODS:
        for sparsity in SPARSITIES:
            pruned = keras.models.clone_model(model)
            pruned.set_weights(notebook_prune(model.get_weights(), method, sparsity))
            pruned.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
            value, accuracy = pruned.evaluate(base.images, base.labels, verbose=0)
            figures[method, sparsity] = (accuracy, value, _saved_and_zipped(pruned))
    return figures


def notebook_prune(weights: list[np.ndarray], method: str, sparsity: float) -> list[np.ndarray]:
    """Zero the lowest magnitudes or columns of the hidden kernels, as notebooks do."""
    pruned = [array.copy() for array in weights]
    for kernel in pruned[:-2:2]:
        if method == "weight":
            lowest = np.argsort(np.abs(kernel), axis=None, kind="stable")
            kernel.flat[lowest[: int(kernel.size * sparsity)]] = 0
        else:
            lowest = np.argsort(np.linalg.norm(kernel, axis=0), kind="stable")
            kernel[:, lowest[: int(kernel.shape[1] * sparsity)]] = 0
    return pruned


def prunescope(base: Baseline) -> Figures:
    """The same figures by the engine; K = 0 is one network, so it is measured once."""
    from engine.export import keras_file  # noqa: PLC0415
    from engine.export.archive import zip_bytes  # noqa: PLC0415
    from engine.networks.forward import evaluation_set  # noqa: PLC0415
    from engine.pruning.sweep import sweep  # noqa: PLC0415
    from engine.training.forward import tensor_forward  # noqa: PLC0415

    settings = SweepSettings(methods=METHODS, sparsities=SPARSITIES[1:])
    template = keras_file.template(base.network)
    inputs = evaluation_set(base.images, base.labels)

    def zipped(network: Network) -> int:
        return len(zip_bytes("model.h5", keras_file.write(template, network)))

    with ThreadPoolExecutor(2) as pool:
        waiting = [
            (point, pool.submit(zipped, pruned.network))
            for point, pruned in sweep(base.network, settings, inputs, answer=tensor_forward)
        ]
    figures = {(p.method, p.sparsity): (p.accuracy, p.loss, size.result()) for p, size in waiting}
    return figures | {(method, 0.0): figures["baseline", 0.0] for method in METHODS}


def main() -> None:
    title("Sweep: 10 K by weight and unit, accuracy + loss + zip on 10,000 images")
    with home(), _process() as theirs, _process() as ours:
        for side, process in ((notebook, theirs), (prunescope, ours)):
            process.submit(_round, side).result()
        rounds = [
            (theirs.submit(_round, notebook).result(), ours.submit(_round, prunescope).result())
            for _ in range(REPEATS)
        ]
    slow, fast = (
        sorted(taken for taken, _ in side)[REPEATS // 2] for side in zip(*rounds, strict=True)
    )
    row("plain notebook way, median of 3", f"{slow:.2f} s")
    row("prunescope, median of 3", f"{fast:.2f} s")
    verdict("ratio", slow / fast, 10, unit="times", at_least=True)
    _agreement(rounds[0][0][1], rounds[0][1][1])


def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


_trained = cache(trained)


def _round(side: Callable[[Baseline], Figures]) -> tuple[float, Figures]:
    base = _trained()
    return timed(lambda: side(base))


def _agreement(theirs: Figures, ours: Figures) -> None:
    pairs = [(theirs[key], ours[key]) for key in theirs]
    images = max(abs(a[0] - b[0]) for a, b in pairs) * 10_000
    verdict("largest difference of accuracy, in images", images, 1, unit="images")
    verdict(
        "largest difference of loss", max(abs(a[1] - b[1]) for a, b in pairs), 1e-4, unit="nats"
    )
    sizes = max(abs(a[2] / b[2] - 1) for a, b in pairs) * 100
    row("largest difference of zipped size (libdeflate against zlib)", f"{sizes:.2f} %")


def _saved_and_zipped(model: object) -> int:
    with tempfile.TemporaryDirectory() as folder:
        file, archive = Path(folder) / "model.h5", Path(folder) / "model.zip"
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "You are saving your model as an HDF5 file")
            model.save(file, include_optimizer=False, save_format="h5")  # type: ignore[attr-defined]
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
            target.write(file, "model.h5")
        return archive.stat().st_size


if __name__ == "__main__":
    main()
