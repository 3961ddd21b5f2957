"""Train a baseline: reports come out several times a second and after each epoch.

Same settings and seed on the same machine give the same numbers: the initial weights and the order
of the images come from NumPy generators, and TensorFlow runs with deterministic kernels.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import tensorflow as tf

from engine.arrays import ImageArray, LabelArray
from engine.datasets import Dataset, learnt, normalised, split
from engine.networks.architecture import Architecture, architecture_of, convolutions
from engine.networks.metrics import evaluate_logits
from engine.networks.network import Network, from_arrays, initial_network
from engine.settings import TrainSettings
from engine.training import keras_model
from engine.training.forward import tensor_logits
from engine.training.steps import Score, Stepper, TrainState, optimizer_of


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


@dataclass(frozen=True, slots=True)
class Course:
    """How long a training is, and in which order it sees the images.

    Attributes:
        epochs: passes over the training images.
        batch_size: images per optimizer step.
        split_seed: of the cut between training and validation images.
        order: the numbers that, with the epoch's, seed the order of the images.
    """

    epochs: int
    batch_size: int
    split_seed: int
    order: tuple[int, ...]


def train(
    settings: TrainSettings, dataset: Dataset, *, resume: TrainState | None = None
) -> Iterator[StepReport | EpochReport]:
    """Train from random initial weights, or go on from the state of an earlier epoch.

    Yields:
        A StepReport about four times a second and an EpochReport after each epoch; the last
        one's state holds the trained network (`network_of`).
    """
    seed = settings.seed
    shape = architecture_of(settings, dataset.image_shape, dataset.classes)
    start = initial_network(shape, np.random.default_rng((seed, 0)))
    model = keras_model.from_network(start)
    course = Course(settings.epochs, settings.batch_size, seed, (seed,))
    optimizer = optimizer_of(settings, steps_of(course, dataset))
    stepper = Stepper(model, optimizer, dataset.x_train, dataset.y_train, size=course.batch_size)
    yield from run(stepper, course, dataset, resume=resume)


def run(
    stepper: Stepper, course: Course, dataset: Dataset, *, resume: TrainState | None = None
) -> Iterator[StepReport | EpochReport]:
    """Make the steps of a course with any stepper, and measure after each epoch."""
    tf.config.experimental.enable_op_determinism()
    parts = split(dataset, seed=course.split_seed)
    rows = parts.validation
    if resume is not None:
        stepper.restore(resume)
    for epoch in range(resume.epoch + 1 if resume else 1, course.epochs + 1):
        begun = time.monotonic()
        order = np.random.default_rng((*course.order, epoch)).permutation(parts.train)
        train_score = yield from stepper.epoch(order, partial(_report, course, epoch, len(order)))
        network = stepper.network()
        validation = _score(network, dataset.x_train[rows], dataset.y_train[rows])
        yield EpochReport(
            epoch=epoch,
            train=train_score,
            validation=validation,
            test=_score(network, dataset.x_test, dataset.y_test),
            seconds=time.monotonic() - begun,
            learning_rate=stepper.learning_rate(),
            state=stepper.state(epoch),
        )


def steps_of(course: Course, dataset: Dataset) -> int:
    """Optimizer steps of the whole course; the last batch of an epoch may be smaller."""
    images = learnt(dataset)
    return -(-images // course.batch_size) * course.epochs


def network_of(state: TrainState, shape: Architecture) -> Network:
    """The network inside a training state, of a training of networks of that shape."""
    return from_arrays(state.weights, convolutions(shape))


def _report(course: Course, epoch: int, images: int, done: int, score: Score) -> StepReport:
    per_epoch = -(-images // course.batch_size)
    step = (epoch - 1) * per_epoch + -(-done // course.batch_size)
    return StepReport(step, per_epoch * course.epochs, epoch - 1 + done / images, score)


def _score(network: Network, images: ImageArray, labels: LabelArray) -> Score:
    logits = tensor_logits(normalised(images), network)
    result = evaluate_logits(logits, labels, network.output.units)
    return Score(result.accuracy, result.loss, result.balanced_accuracy)
