"""The default export, every file of it, against the same work written plainly.

The plain way is one loop in one process: clone to Keras, convert, zip, run over all test images,
time 100 calls, the next file. Both sides start warm, from the same trained network. What they make
is compared to the byte.
"""

import io
import os
import time
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import psutil
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from benchmarks.baseline import home
from benchmarks.table import row, timed, title, verdict
from engine import client
from engine.arrays import FloatArray, LabelArray
from engine.datasets import load, normalised
from engine.export.archive import unzip_bytes
from engine.export.images import calibration_images
from engine.export.matrix import candidates
from engine.networks.file import load_network
from engine.networks.network import Network
from engine.results import export_report, files
from engine.runs.model import State
from engine.runs.service import Runs, open_runs
from engine.runs.supervisor import Supervisor, supervised
from engine.runs.workers import crew
from engine.settings import ExportSettings, TrainSettings, digest
from engine.training import keras_model

SETTINGS = ExportSettings()
MEGABYTE = 1_000_000


def main() -> None:
    title("The default export: 5 networks x 7 TFLite files, converted, zipped, run, timed")
    with home():
        runs = open_runs()
        with supervised(runs) as supervisor:
            client.run(TrainSettings())
            while not crew(runs.database).ready:
                time.sleep(0.1)
            before = _processor(supervisor)
            ours, peak = timed(lambda: _exported(runs, supervisor))
            work = _processor(supervisor) - before
        network = load_network(runs.file(digest(TrainSettings()), "weights.npz"))
        begun = time.process_time()
        plain, files = timed(lambda: _plainly(network))
        plain_work = time.process_time() - begun
        same = sum(_content(runs, key) == data for key, data in files.items())
    row("plain loop in one process", f"{plain:.1f} s, {plain_work:.1f} s of the processor")
    row("Prunescope, from the start to the last latency", f"{ours:.1f} s, {work:.1f} s of it")
    row("files equal to the byte", f"{same} of {len(files)}")
    row("times as fast; it also runs the validation images", f"{plain / ours:.2f}")
    verdict("peak memory of the worker and its converters", peak[0], 3000, unit="MB")
    row("  the same with shared pages counted once", f"{peak[1]:,.0f} MB")


def _exported(runs: Runs, supervisor: Supervisor) -> tuple[float, float]:
    """Do the export; the highest memory meanwhile, resident and proportional, in megabytes."""
    run = runs.submit(SETTINGS, owner="benchmark")
    peak = (0.0, 0.0)
    while runs.get(run.id).state.active:
        resident, proportional = _memory(supervisor)
        peak = (max(peak[0], resident), max(peak[1], proportional))
        time.sleep(0.2)
    if runs.get(run.id).state is not State.DONE:
        raise RuntimeError(runs.get(run.id).error)
    return peak


def _memory(supervisor: Supervisor) -> tuple[float, float]:
    resident = proportional = 0.0
    for process in _family(supervisor):
        try:
            info = process.memory_full_info()
        except psutil.Error:
            continue  # it has just ended
        resident += info.rss / MEGABYTE
        proportional += info.pss / MEGABYTE
    return resident, proportional


def _processor(supervisor: Supervisor) -> float:
    """Seconds that the worker has worked so far, converters that have ended included."""
    times = psutil.Process(supervisor.pids()[0]).cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _family(supervisor: Supervisor) -> Iterator[psutil.Process]:
    for pid in supervisor.pids():
        worker = psutil.Process(pid)
        yield worker
        yield from worker.children(recursive=True)


def _content(runs: Runs, key: str) -> bytes:
    row_key, variant = key.rsplit(".", 1)
    name = files.variant_file(row_key, variant)
    return unzip_bytes(runs.file(digest(SETTINGS), name), limit=10**9)


def _plainly(network: Network) -> dict[str, bytes]:
    """Every file of the matrix, one after the other, as the TensorFlow guides do it."""
    os.nice(5)  # as a worker is: both sides meet the same machine
    data = load("mnist")
    images = normalised(data.x_test)
    calibration = calibration_images(data, SETTINGS.calibration, seed=0)
    made = {}
    for candidate in candidates(SETTINGS, network):
        for variant in SETTINGS.variants:
            file = _converted(candidate.network, variant, calibration)
            _zipped(file)
            _run_and_timed(file, images, data.y_test)
            made[export_report.file_key(candidate.key, variant)] = file
    return made


def _converted(network: Network, variant: str, calibration: FloatArray) -> bytes:
    converter = tf.lite.TFLiteConverter.from_keras_model(keras_model.from_network(network))
    plain, sparse, _ = variant.partition("-")
    if plain != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if sparse:
        converter.optimizations = [
            *converter.optimizations,
            tf.lite.Optimize.EXPERIMENTAL_SPARSITY,
        ]
    if plain == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if plain == "int8":
        converter.representative_dataset = lambda: ([image[None]] for image in calibration)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bytes(converter.convert())


def _zipped(file: bytes) -> int:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.tflite", file)
    return len(target.getvalue())


def _run_and_timed(file: bytes, images: FloatArray, labels: LabelArray) -> tuple[float, float]:
    fallback = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    for resolver in (OpResolverType.AUTO, fallback):
        try:
            model = Interpreter(
                model_content=file, num_threads=1, experimental_op_resolver_type=resolver
            )
            model.allocate_tensors()
            return _accuracy(model, images, labels), _latency(model, images)
        except RuntimeError:
            continue
    return 0.0, 0.0


def _accuracy(model: Any, images: FloatArray, labels: LabelArray) -> float:
    right = 0
    for start in range(0, len(images), 1000):
        batch = images[start : start + 1000]
        model.resize_tensor_input(model.get_input_details()[0]["index"], batch.shape)
        model.allocate_tensors()
        answers = _answered(model, batch).argmax(axis=1)
        right += int(np.sum(answers == labels[start : start + 1000]))
    return right / len(labels)


def _latency(model: Any, images: FloatArray) -> float:
    model.resize_tensor_input(model.get_input_details()[0]["index"], (1, images.shape[1]))
    model.allocate_tensors()
    times = []
    for image in images[:120]:
        begun = time.perf_counter()
        _answered(model, image[None])
        times.append(time.perf_counter() - begun)
    return float(np.median(times[20:]))


def _answered(model: Any, images: FloatArray) -> np.ndarray:
    source, target = model.get_input_details()[0], model.get_output_details()[0]
    if source["dtype"] is np.int8:
        scale, zero = source["quantization"]
        images = np.clip(np.round(images / np.float32(scale) + zero), -128, 127).astype(np.int8)
    model.set_tensor(source["index"], images)
    model.invoke()
    return np.asarray(model.get_tensor(target["index"]))


if __name__ == "__main__":
    main()
