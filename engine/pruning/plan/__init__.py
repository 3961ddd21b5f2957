"""What a schedule will do, known before it runs: TFMOT's own rules, without TFMOT.

kernels     the kernels that will be pruned, by number, name and shape
staircase   at which steps the masks are updated, and to which sparsity
counts      how many entries of a kernel are kept at a sparsity, TFMOT's rounding included
planning    Plan: all of it for a run; what is planned at any step, and whether it was achieved
problem     a line about a plan, and the settings that mend it
reach       where blocks and rounding keep a plan from its target, or may do so
problems    what is wrong with a plan, so that it cannot run
about       the plan on a data set that is not loaded
rivals      the settings of the honest baselines, and the widths of a small dense network

Rules read in tensorflow-model-optimization 0.8.1: pruning_wrapper.py, pruning_impl.py,
pruning_schedule.py and pruning_utils.py; tests compare with TFMOT itself.
"""
