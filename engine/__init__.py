"""The engine: train a dense network, prune it, measure what that costs and what it buys.

The pipeline in ten lines:

    settings   frozen values, validated; their digest is the id of a run
    datasets   load(name) -> Dataset of memory-mapped arrays
    training   train(settings, dataset) -> one report per epoch, then a Network
    pruning    masks(network, method, sparsity) -> Masks; shrink(network, masks) -> Network
    metrics    measure(network, images, labels) -> accuracy, loss, confusion
    export     Keras HDF5, zip, TFLite: bytes of real files; LiteRT runs them
    sweep      every method and sparsity from one baseline -> one Point each
    runs       store, queue, worker: who works on what, what came out
    __main__   the command line over all of it
"""

import os

# Model optimization prunes Keras 2 only, and TensorFlow decides at its first import; so this has
# to happen before any module of the engine can import it. A worker process inherits it.
os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
