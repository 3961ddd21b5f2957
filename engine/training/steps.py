"""The steps of a training: one compiled graph runs many of them, reports come out in between.

Faster than Keras `fit` on the same settings because the images stay in the graph as bytes and no
Python runs between the steps.
"""

import io
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import tensorflow as tf
import tf_keras as keras

from engine.arrays import FloatArray, ImageArray, IntArray, LabelArray
from engine.networks.network import Network
from engine.settings import ScheduleSettings, TrainSettings
from engine.training import keras_model

Report = TypeVar("Report")

REPORT_SECONDS = 0.25
"""About how long one call into the graph takes: the grain of progress and of cancelling."""


@dataclass(frozen=True, slots=True)
class Score:
    """Accuracy (a share) and mean cross-entropy (nats) on some images.

    Balanced accuracy, the mean over the classes, is None where it was not asked for.
    """

    accuracy: float
    loss: float
    balanced_accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class TrainState:
    """Everything that the next epoch starts from: the checkpoint.

    Attributes:
        epoch: the last one that was made.
        weights: kernel, bias, kernel, bias and so on.
        optimizer: the optimizer's variables.
        pruning: masks, thresholds and step counters, where the training prunes.
    """

    epoch: int
    weights: tuple[FloatArray, ...]
    optimizer: tuple[np.ndarray, ...]
    pruning: tuple[np.ndarray, ...] = ()


def optimizer_of(
    settings: TrainSettings | ScheduleSettings, steps: int
) -> keras.optimizers.Optimizer:
    """The optimizer of the settings for a training of so many steps."""
    rate: object = settings.learning_rate
    if settings.decay == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, steps)
    return keras_model.optimizer(settings.optimizer, rate)


def dump_state(state: TrainState) -> bytes:
    """The state as .npz bytes, read back by `load_state`."""
    file = io.BytesIO()
    groups = {"weight": state.weights, "optimizer": state.optimizer, "pruning": state.pruning}
    arrays = {f"{name}{i:03}": a for name, group in groups.items() for i, a in enumerate(group)}
    np.savez(file, epoch=np.int64(state.epoch), **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def load_state(data: bytes) -> TrainState:
    """The state that `dump_state` wrote; nothing in it is ever unpickled."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        names = sorted(file.files)
        weights, optimizer, pruning = (
            tuple(file[name] for name in names if name.startswith(group))
            for group in ("weight", "optimizer", "pruning")
        )
        return TrainState(int(file["epoch"]), weights, optimizer, pruning)


class Stepper:
    """A model, its optimizer, and the compiled steps that train it on a data set."""

    def __init__(
        self,
        model: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        images: ImageArray,
        labels: LabelArray,
        *,
        size: int,
    ) -> None:
        """Train `model` by `optimizer`, `size` rows of images ``(n, ...)`` and labels a step."""
        self.model = model
        self.optimizer = optimizer
        self.optimizer.build(model.trainable_variables)
        self.size = size
        self._run = _compiled(model, optimizer, images, labels)
        self._chunk = 4

    def epoch(
        self, order: IntArray, report: Callable[[int, Score], Report]
    ) -> Generator[Report, None, Score]:
        """Step through rows in that order, batch by batch.

        Yields:
            Several times a second, what `report` makes of the rows done so far and of the score
            of the last few batches.

        Returns:
            The score over all batches, as they were while they were learnt.
        """
        done, sums = 0, []
        while done < len(order):
            left = len(order) - done  # whole batches, or the smaller last one alone
            images = min(self._chunk * self.size, left // self.size * self.size) or left
            batches = order[done : done + images].reshape(-1, min(self.size, images))
            begun = time.monotonic()
            sums.append(np.asarray(self._run(tf.constant(batches, tf.int32)).numpy(), np.float64))
            per_step = (time.monotonic() - begun) / len(batches)
            self._chunk = int(np.clip(REPORT_SECONDS / per_step, 1, 2 * self._chunk))
            done += images
            yield report(done, _mean(sums[-1], images))
        return _mean(np.concatenate(sums), done)  # not of the calls' means: they vary in length

    def network(self) -> Network:
        """A copy of the weights, called once after each epoch."""
        return keras_model.get_network(self.model)

    def state(self, epoch: int) -> TrainState:
        """A copy of weights and optimizer variables."""
        weights = tuple(v.numpy() for v in self.model.trainable_variables)
        return TrainState(epoch, weights, tuple(v.numpy() for v in self.optimizer.variables))

    def restore(self, state: TrainState) -> None:
        """Go on from that state."""
        for variable, value in zip(self.model.trainable_variables, state.weights, strict=True):
            variable.assign(value)
        for variable, value in zip(self.optimizer.variables, state.optimizer, strict=True):
            variable.assign(value)

    def learning_rate(self) -> float:
        """The rate of the last step."""
        return float(self.optimizer.learning_rate)


def _compiled(
    model: keras.Model, optimizer: keras.optimizers.Optimizer, x: ImageArray, y: LabelArray
) -> tf.types.experimental.PolymorphicFunction:
    """A graph with a step per row of indices: ``(steps, batch) -> (steps, [right, loss sum])``."""
    images, labels = tf.constant(x.reshape(len(x), -1)), tf.constant(y.astype(np.int32))
    scale = np.float32(255 if x.dtype == np.uint8 else 1)
    variables = model.trainable_variables
    read = (-1, *model.input_shape[1:])

    def step(batch: tf.Tensor) -> tf.Tensor:
        inputs = tf.cast(tf.gather(images, batch), tf.float32) / scale  # (batch, inputs)
        wanted = tf.gather(labels, batch)
        with tf.GradientTape() as tape:
            logits = model(tf.reshape(inputs, read), training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, logits)
            loss = tf.reduce_mean(losses)
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        right = tf.equal(tf.argmax(logits, 1, tf.int32), wanted)
        return tf.stack([tf.reduce_sum(tf.cast(right, tf.float32)), tf.reduce_sum(losses)])

    def run(batches: tf.Tensor) -> tf.Tensor:
        steps = tf.shape(batches)[0]

        def one(i: tf.Tensor, sums: tf.TensorArray) -> tuple[tf.Tensor, tf.TensorArray]:
            return i + 1, sums.write(i, step(batches[i]))

        begun = (0, tf.TensorArray(tf.float32, steps, element_shape=[2]))
        return tf.while_loop(lambda i, _: i < steps, one, begun)[1].stack()

    # The loop is written out since AutoGraph cannot translate Python's own under Python 3.13.
    signature = [tf.TensorSpec([None, None], tf.int32)]
    return tf.function(run, input_signature=signature, autograph=False)


def _mean(sums: np.ndarray, images: int) -> Score:
    """The score of steps ``(steps, [right, loss sum])`` over so many images."""
    right, loss = sums.sum(axis=0) / images
    return Score(float(right), float(loss))
