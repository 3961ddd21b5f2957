"""The Keras client of the simulation: as Flower's own example has it, or one that is helped.

The example builds and compiles a model for each message, and Keras traces it anew. Helped, each of
Flower's processes keeps one compiled model.
"""

from functools import cache
from time import perf_counter
from typing import Any

import numpy as np
import tf_keras as keras
from flwr.app import ArrayRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp

from benchmarks.flower.task import Task, read


def built(path: str) -> keras.Sequential:
    """A compiled model: ReLU layers, logits."""
    task = read(path)
    units = [bias.size for bias in task.weights[1::2]]
    hidden = [keras.layers.Dense(n, activation="relu") for n in units[:-1]]
    images = keras.Input((len(task.weights[0]),))
    made = keras.Sequential([images, *hidden, keras.layers.Dense(units[-1])])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    made.compile(keras.optimizers.SGD(task.rate, momentum=task.momentum), loss)
    return made


kept = cache(built)


def fit(network: keras.Sequential, task: Task, client: int) -> None:
    """One epoch of a client with a momentum of its own."""
    for variable in network.optimizer.variables:
        variable.assign(np.zeros(variable.shape, variable.dtype.as_numpy_dtype))
    images, labels = task.images[client], task.labels[client]
    network.fit(images, labels, batch_size=task.batch, verbose=0)


def train(message: Any, context: Context) -> Message:
    """Answer the server's weights with those after an epoch."""
    begun = perf_counter()
    path, helped = (message.content["config"][name] for name in ("path", "helped"))
    client, task = int(context.node_config["partition-id"]), read(path)
    network = kept(path) if helped else built(path)
    network.set_weights(message.content["arrays"].to_numpy_ndarrays())
    fit(network, task, client)
    arrays = ArrayRecord(network.get_weights())
    seconds = perf_counter() - begun
    figures = MetricRecord({"num-examples": len(task.labels[client]), "seconds": seconds})
    return Message(RecordDict({"arrays": arrays, "metrics": figures}), reply_to=message)


app = ClientApp()
app.train()(train)
