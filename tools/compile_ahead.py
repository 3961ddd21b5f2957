"""Compile ahead, as a part of installing: the first federation need not wait for it."""

import numpy as np

from engine.settings import FederateSettings
from engine.training.compiled import prepare

if __name__ == "__main__":
    prepare(len(FederateSettings().hidden) + 1, np.dtype(np.uint8))
