"""Keras layers wrapped by TensorFlow Model Optimization: its only importer.

TFMOT keeps a mask for each wrapped kernel, updates it inside the training step, and multiplies
the kernel by it before every forward pass. The wrapper and the layer in it share their weights, so
a model that other code still needs is never wrapped: `masked` builds its own.

`engine.training.keras_model` comes first: it sets `TF_USE_LEGACY_KERAS` before TensorFlow is
imported, and TFMOT prunes Keras 2 only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.training import keras_model  # isort: skip  # see above
import numpy as np
import tensorflow as tf
import tensorflow_model_optimization as tfmot
import tf_keras as keras
from tensorflow_model_optimization.python.core.sparsity.keras import (
    pruning_impl,
    pruning_wrapper,
)

from engine.arrays import BoolArray
from engine.networks.network import Network
from engine.pruning.plan.kernels import Kernel
from engine.pruning.plan.planning import Plan
from engine.pruning.plan.staircase import Staircase
from engine.settings import ScheduleSettings


@dataclass(frozen=True, slots=True, eq=False)
class Masked:
    """A model whose chosen layers are wrapped, and the same layers without their wrappers.

    Attributes:
        bare: the model without wrappers; it shares its layers with `wrapped`.
        wrapped: the model to train.
        wrappers: the wrapped layers by number; 1 is the first layer that has a kernel.
    """

    bare: keras.Sequential
    wrapped: keras.Sequential
    wrappers: Mapping[int, pruning_wrapper.PruneLowMagnitude]

    def begin(self) -> None:
        """Set the step counters to zero, as TFMOT's callback does before training."""
        self._callback()

    def mask_weights(self) -> None:
        """Zero what the masks zero: between steps the optimizer has moved it."""
        self._callback().on_epoch_end(0)

    def network(self) -> Network:
        """A copy of the weights."""
        return keras_model.get_network(self.bare)

    def masks(self) -> dict[int, BoolArray]:
        """What is kept of each wrapped kernel, by number of layer, in the kernel's shape."""
        return {n: _mask(wrapper).numpy() != 0 for n, wrapper in self.wrappers.items()}

    def sparsities(self) -> dict[int, float]:
        """The zero share of each mask, by number of layer."""
        return {n: _zero_share(_mask(wrapper)) for n, wrapper in self.wrappers.items()}

    def zeros(self) -> dict[int, float]:
        """The zero share of each wrapped kernel itself; less than its mask's between steps."""
        return {n: _zero_share(wrapper.pruning_vars[0][0]) for n, wrapper in self.wrappers.items()}

    def state(self) -> tuple[np.ndarray, ...]:
        """Mask, threshold and step counter of each wrapped layer."""
        arrays = []
        for wrapper in self.wrappers.values():
            _, mask, threshold = wrapper.pruning_vars[0]
            arrays += [mask.numpy() != 0, threshold.numpy(), wrapper.pruning_step.numpy()]
        return tuple(arrays)

    def restore(self, state: Sequence[np.ndarray]) -> None:
        """Go on from a `state`."""
        parts = zip(state[::3], state[1::3], state[2::3], strict=True)
        for wrapper, (mask, threshold, step) in zip(self.wrappers.values(), parts, strict=True):
            _mask(wrapper).assign(mask.astype(np.float32))
            wrapper.pruning_vars[0][2].assign(threshold)
            wrapper.pruning_step.assign(step)

    def _callback(self) -> keras.callbacks.Callback:
        callback = tfmot.sparsity.keras.UpdatePruningStep()
        callback.set_model(self.wrapped)
        callback.on_train_begin()
        return callback


def masked(network: Network, plan: Plan) -> Masked:
    """A model of the network's shape and weights that is pruned as planned while it trains."""
    return wrap(keras_model.from_network(network), plan)


def wrap(bare: keras.Sequential, plan: Plan) -> Masked:
    """The model with the planned layers wrapped.

    Only layers with a kernel are counted and wrapped; pooling, dropout, batch normalisation and
    layers that change shapes stay as they are.

    Raises:
        ValueError: a planned kernel has another shape than the model's.
    """
    by_name = dict(_chosen(bare, plan.pruned))
    wrappers = {
        kernel.layer: _Wrapper.of(bare.get_layer(name), plan, kernel)
        for name, kernel in by_name.items()
    }

    def cloned(layer: keras.layers.Layer) -> keras.layers.Layer:
        kernel = by_name.get(layer.name)
        return layer if kernel is None else wrappers[kernel.layer]

    wrapped = keras.models.clone_model(bare, clone_function=cloned)
    return Masked(bare, wrapped, wrappers)


def pruned_at_once(network: Network, plan: Plan) -> Network:
    """The network pruned to the plan's target in one go, by the same pattern, untrained."""
    kind = "once" if plan.staircase.schedule == "once" else "constant"
    stairs = replace(plan.staircase, schedule=kind, begin=1, end=1, frequency=1)
    model = masked(network, replace(plan, staircase=stairs))
    for wrapper in model.wrappers.values():
        wrapper.pruning_step.assign(1)
        wrapper.pruning_obj.conditional_mask_update()
    model.mask_weights()
    return model.network()


def tfmot_schedule(stairs: Staircase) -> tfmot.sparsity.keras.PruningSchedule:
    """The staircase as an object of TFMOT, which its wrapper asks at every step.

    For a 2:4 pattern this is a constant schedule: TFMOT asks for one and does not look at it.
    """
    if stairs.schedule == "polynomial":
        return tfmot.sparsity.keras.PolynomialDecay(
            stairs.initial, stairs.target, stairs.begin, stairs.end, stairs.power, stairs.frequency
        )
    return tfmot.sparsity.keras.ConstantSparsity(
        stairs.target, stairs.begin, stairs.end, stairs.frequency
    )


class _Wrapper(pruning_wrapper.PruneLowMagnitude):  # type: ignore[misc]  # TFMOT has no types
    """TFMOT's wrapper, with masks that are found in linear time."""

    @classmethod
    def of(cls, layer: keras.layers.Layer, plan: Plan, kernel: Kernel) -> "_Wrapper":
        return cls(layer, tfmot_schedule(plan.stairs(kernel)), **_shape(plan.settings))

    def build(self, input_shape: object) -> None:
        """Build the wrapper, then give it the faster search for the threshold."""
        super().build(input_shape)
        self.pruning_obj = _LinearTime(
            lambda: self.pruning_step,
            self.pruning_vars,
            self.pruning_schedule,
            self.block_size,
            self.block_pooling_type,
            self.sparsity_m_by_n,
        )


class _LinearTime(pruning_impl.Pruning):  # type: ignore[misc]  # TFMOT has no types
    """TFMOT's masks without its full sort of every kernel at every update.

    The threshold is the magnitude of rank k, and everything from it up is kept: selecting it
    takes linear time, and gives the same mask bit for bit.
    """

    def _update_mask(self, weights: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        sparsity = self._pruning_schedule(self._step_fn())[1]
        magnitudes = tf.math.abs(weights)
        ranked = tf.reshape(tf.where(tf.math.is_nan(magnitudes), np.inf, magnitudes), [-1])
        share = tf.cast(tf.size(ranked), tf.float32) * (1 - sparsity)
        kept = tf.cast(tf.math.maximum(tf.math.round(share), 1), tf.int32)
        threshold = tf.raw_ops.NthElement(input=ranked, n=kept - 1, reverse=True)
        return threshold, tf.cast(tf.reshape(ranked, weights.shape) >= threshold, weights.dtype)


def _shape(settings: ScheduleSettings) -> dict[str, object]:
    return {
        "block_size": settings.block,
        "block_pooling_type": settings.pooling.upper(),
        "sparsity_m_by_n": (2, 4) if settings.pattern == "2:4" else None,
    }


def _chosen(model: keras.Sequential, kernels: Sequence[Kernel]) -> list[tuple[str, Kernel]]:
    """Each planned kernel with the name of its layer of the model."""
    found = keras_model.with_kernel(model)
    for kernel in kernels:
        shape = tuple(found[kernel.layer - 1].kernel.shape)
        if shape != kernel.shape:
            raise ValueError(f"layer {kernel.layer} has a kernel {shape}, not {kernel.shape}")
    return [(found[kernel.layer - 1].name, kernel) for kernel in kernels]


def _mask(wrapper: pruning_wrapper.PruneLowMagnitude) -> tf.Variable:
    return wrapper.pruning_vars[0][1]


def _zero_share(array: tf.Variable) -> float:
    size = int(tf.size(array))
    return (size - int(tf.math.count_nonzero(array))) / size
