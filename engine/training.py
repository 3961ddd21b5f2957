"""Train a baseline: one compiled graph runs many steps, reports come out between the calls.

Faster than Keras `fit` on the same settings because the images stay in the graph as bytes and no
Python runs between the steps. Same settings and seed on the same machine give the same numbers:
the initial weights and the order of the images come from NumPy generators, and TensorFlow runs
with deterministic kernels.
"""

import io
import itertools
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
import tf_keras as keras

from engine import keras_model
from engine.arrays import FloatArray, ImageArray, IntArray, LabelArray
from engine.datasets import Dataset, normalised, split
from engine.metrics import evaluate_logits
from engine.network import Layer, Network
from engine.settings import TrainSettings
from engine.tensor_forward import dense_logits

REPORT_SECONDS = 0.25
"""About how long one call into the graph takes: the grain of progress and of cancelling."""


@dataclass(frozen=True, slots=True)
class Score:
    """Accuracy (a share) and mean cross-entropy (nats) on some images."""

    accuracy: float
    loss: float


@dataclass(frozen=True, slots=True)
class TrainState:
    """Everything that the next epoch starts from: the checkpoint."""

    epoch: int
    weights: tuple[FloatArray, ...]
    optimizer: tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True)
class StepReport:
    """A few steps were made: mean accuracy and loss over their batches."""

    step: int
    steps: int
    epochs: float
    score: Score


@dataclass(frozen=True, slots=True)
class EpochReport:
    """An epoch has ended.

    The training score is the mean over the epoch's batches while they were learnt, as Keras
    reports it; validation and test are measured at its end.
    """

    epoch: int
    train: Score
    validation: Score
    test: Score
    seconds: float
    learning_rate: float
    state: TrainState


def train(
    settings: TrainSettings, dataset: Dataset, *, resume: TrainState | None = None
) -> Iterator[StepReport | EpochReport]:
    """Train from random initial weights, or go on from the state of an earlier epoch.

    Yields:
        A StepReport about four times a second and an EpochReport after each epoch; the last
        one's state holds the trained network (`network_of`).
    """
    tf.config.experimental.enable_op_determinism()
    parts = split(dataset, seed=settings.seed)
    trainer = _Trainer(settings, dataset, parts.train)
    if resume is not None:
        trainer.restore(resume)
    for epoch in range(resume.epoch + 1 if resume else 1, settings.epochs + 1):
        begun = time.monotonic()
        train_score = yield from trainer.run_epoch(epoch)
        network = keras_model.get_network(trainer.model)
        validation = _score(network, dataset.x_train, dataset.y_train, parts.validation)
        yield EpochReport(
            epoch=epoch,
            train=train_score,
            validation=validation,
            test=_score(network, dataset.x_test, dataset.y_test),
            seconds=time.monotonic() - begun,
            learning_rate=trainer.learning_rate(),
            state=trainer.state(epoch),
        )


def initial_network(widths: tuple[int, ...], rng: np.random.Generator) -> Network:
    """Glorot-uniform kernels and zero biases (Glorot and Bengio 2010, equation 16)."""

    def layer(inputs: int, units: int) -> Layer:
        limit = np.sqrt(6 / (inputs + units))
        kernel = rng.uniform(-limit, limit, (inputs, units)).astype(np.float32)
        return Layer(kernel, np.zeros(units, np.float32))

    return Network(tuple(layer(i, u) for i, u in itertools.pairwise(widths)))


def widths_of(settings: TrainSettings, dataset: Dataset) -> tuple[int, ...]:
    """Inputs, hidden units, classes: what `initial_network` and the Keras model are built from."""
    return (dataset.inputs, *settings.hidden, dataset.classes)


def network_of(state: TrainState) -> Network:
    """The network inside a training state."""
    pairs = zip(state.weights[::2], state.weights[1::2], strict=True)
    return Network(tuple(Layer(kernel, bias) for kernel, bias in pairs))


def dump_state(state: TrainState) -> bytes:
    """The state as .npz bytes, read back by `load_state`."""
    file = io.BytesIO()
    arrays = {f"weight{i:03}": a for i, a in enumerate(state.weights)}
    arrays |= {f"optimizer{i:03}": a for i, a in enumerate(state.optimizer)}
    np.savez(file, epoch=np.int64(state.epoch), **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def load_state(data: bytes) -> TrainState:
    """The state that `dump_state` wrote; nothing in it is ever unpickled."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        names = sorted(file.files)
        weights = tuple(file[n] for n in names if n.startswith("weight"))
        optimizer = tuple(file[n] for n in names if n.startswith("optimizer"))
        return TrainState(int(file["epoch"]), weights, optimizer)


class _Trainer:
    """Keras model, optimizer and compiled steps of one training."""

    def __init__(self, settings: TrainSettings, dataset: Dataset, indices: IntArray) -> None:
        self.settings = settings
        self.indices = indices
        self.steps_per_epoch = -(-len(indices) // settings.batch_size)
        widths = widths_of(settings, dataset)
        self.model = keras_model.build(widths)
        rng = np.random.default_rng((settings.seed, 0))
        keras_model.set_network(self.model, initial_network(widths, rng))
        self.optimizer = _optimizer(settings, self.steps_per_epoch * settings.epochs)
        self.optimizer.build(self.model.trainable_variables)
        self._run = _compiled(self.model, self.optimizer, dataset.x_train, dataset.y_train)
        self._chunk = 4

    def run_epoch(self, epoch: int) -> Generator[StepReport, None, Score]:
        """Make the steps of one epoch; the generator's value is the epoch's Score."""
        size, done, sums = self.settings.batch_size, 0, []
        order = np.random.default_rng((self.settings.seed, epoch)).permutation(self.indices)
        while done < len(order):
            images = self._next(len(order) - done)
            sums.append(self._steps(order[done : done + images].reshape(-1, min(size, images))))
            done += images
            yield self._report(epoch, done, _mean(sums[-1], images))
        return _mean(np.concatenate(sums), done)  # not of the calls' means: they vary in length

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

    def _next(self, left: int) -> int:
        """How many images the next call takes: whole batches, or the smaller last one alone."""
        size = self.settings.batch_size
        return min(self._chunk * size, left // size * size) or left

    def _steps(self, batches: IntArray) -> np.ndarray:
        begun = time.monotonic()
        sums = self._run(tf.constant(batches, tf.int32)).numpy()
        per_step = (time.monotonic() - begun) / len(batches)
        self._chunk = int(np.clip(REPORT_SECONDS / per_step, 1, 2 * self._chunk))
        return np.asarray(sums, np.float64)

    def _report(self, epoch: int, done: int, score: Score) -> StepReport:
        step = (epoch - 1) * self.steps_per_epoch + -(-done // self.settings.batch_size)
        steps = self.steps_per_epoch * self.settings.epochs
        return StepReport(step, steps, epoch - 1 + done / len(self.indices), score)


def _optimizer(settings: TrainSettings, steps: int) -> keras.optimizers.Optimizer:
    rate: object = settings.learning_rate
    if settings.decay == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, steps)
    return keras_model.optimizer(settings.optimizer, rate)


def _compiled(
    model: keras.Model, optimizer: keras.optimizers.Optimizer, x: ImageArray, y: LabelArray
) -> tf.types.experimental.PolymorphicFunction:
    """A graph with a step per row of indices: ``(steps, batch) -> (steps, [right, loss sum])``."""
    images, labels = tf.constant(x.reshape(len(x), -1)), tf.constant(y.astype(np.int32))
    scale = np.float32(255 if x.dtype == np.uint8 else 1)
    variables = model.trainable_variables

    def step(batch: tf.Tensor) -> tf.Tensor:
        inputs = tf.cast(tf.gather(images, batch), tf.float32) / scale  # (batch, inputs)
        wanted = tf.gather(labels, batch)
        with tf.GradientTape() as tape:
            logits = model(inputs, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, logits)
            loss = tf.reduce_mean(losses)
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        right = tf.equal(tf.argmax(logits, 1, tf.int32), wanted)
        return tf.stack([tf.reduce_sum(tf.cast(right, tf.float32)), tf.reduce_sum(losses)])

    def run(batches: tf.Tensor) -> tf.Tensor:
        steps = tf.shape(batches)[0]
        sums = tf.TensorArray(tf.float32, steps, element_shape=[2])
        for i in tf.range(steps):
            sums = sums.write(i, step(batches[i]))
        return sums.stack()

    return tf.function(run, input_signature=[tf.TensorSpec([None, None], tf.int32)])


def _mean(sums: np.ndarray, images: int) -> Score:
    """The score of steps ``(steps, [right, loss sum])`` over so many images."""
    right, loss = sums.sum(axis=0) / images
    return Score(float(right), float(loss))


def _score(
    network: Network, images: ImageArray, labels: LabelArray, rows: IntArray | None = None
) -> Score:
    rows = np.arange(len(labels)) if rows is None else rows
    logits = dense_logits(normalised(images[rows]), network)
    result = evaluate_logits(logits, labels[rows], network.output.units)
    return Score(result.accuracy, result.loss)
