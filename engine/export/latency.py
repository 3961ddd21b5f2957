"""How long one image takes: the median of many calls on one thread, after warm-up.

Measured while nothing else of the run works; what else the machine does is told by its load.
"""

import os
import time

import numpy as np

from engine.arrays import FloatArray
from engine.export import litert
from engine.results.export_report import Latency

WARM_UP = 20
"""Calls that do not count: the first ones pack weights and fill caches."""

THREADS = 1


def latency(model: bytes, resolver: str, images: FloatArray, *, repetitions: int) -> Latency:
    """Time of LiteRT's call for one image: the copy of the image and of the answer not counted.

    Args:
        model: a .tflite file that the resolver runs.
        resolver: a key of `litert.RESOLVERS`.
        images: normalised, ``(n, inputs)``; one after the other is given, again from the first.
        repetitions: timed calls.
    """
    made = litert.interpreter(model, resolver, threads=THREADS)
    times = np.empty(WARM_UP + repetitions)
    for turn in range(len(times)):
        litert.put(made, images[turn % len(images)][None])
        begun = time.perf_counter_ns()
        made.invoke()
        times[turn] = time.perf_counter_ns() - begun
    lower, median, upper = np.quantile(times[WARM_UP:] / 1000, (0.25, 0.5, 0.75)).tolist()
    return Latency(
        median=median,
        lower=lower,
        upper=upper,
        repetitions=repetitions,
        warm_up=WARM_UP,
        threads=THREADS,
        load=os.getloadavg()[0],
    )
