"""`make bench`: every benchmark, or those named: `python -m benchmarks sweep_with_files`."""

import importlib
import os
import sys

ALL = (
    "sweep_against_notebook",
    "sweep_with_files",
    "training_against_fit",
    "schedule_against_tfmot",
    "schedule_reach",
    "export_matrix",
    "federated_round",
    "federated_flower",
    "federated_scale",
    "memory",
    "web_latency",
    "explore_latency",
    "first_paint",
    "class_of_thirty",
    "hostile_inputs",
)

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no lines about missing graphics cards
for name in sys.argv[1:] or ALL:
    importlib.import_module(f"benchmarks.{name}").main()
