"""Epochs of dense networks as machine code.

training: layers as matrices, and an epoch of them; loops: what is compiled; compiling: how.
"""

from engine.training.compiled.loops import Rates, Training
from engine.training.compiled.training import epoch, joined, parted, prepare, training

__all__ = ["Rates", "Training", "epoch", "joined", "parted", "prepare", "training"]
