"""The engine: train a network, prune it, measure what that costs and what it buys.

From the bottom up; a folder imports only from those below it:

    arrays, errors, checks, notices   types, the exceptions, bounds, what is said of data
    system      the home folder, locks, threads, what rooms hold
    settings    frozen values, valid by construction; their digest is the id of a run
    networks    layers, shapes, the NumPy forward pass, metrics, the file format
    results     points, the matrix of an export, intervals; results that ship
    datasets    load(name) -> Dataset of memory-mapped arrays; what is understood of a person's own
    pruning     masks, shrinking, one-shot sweeps, plans of schedules
    federated   splits, client updates, aggregation, rounds, messages
    training    all of TensorFlow and Numba: baselines, schedules, clients
    export      Keras HDF5, zip, TFLite, LiteRT: bytes of real files
    explore     a trained network at any K, at once
    compare, paper, lessons   what several runs say together; the published tables; toy examples
    runs, work  the store, and the workers that do what stands in it
    client, commands, __main__   Python, the command line
"""

import os

# Model optimization prunes Keras 2 only, and TensorFlow decides at its first import; so this has
# to happen before any module of the engine can import it. A worker process inherits it.
os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
