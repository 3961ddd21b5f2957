"""What a schedule will do, known before it runs: TFMOT's own rules, without TFMOT.

kernels     the kernels that will be pruned, and how many entries of each are kept at a sparsity
staircase   at which steps the masks are updated, and to which sparsity
planning    Plan: all of it for a run; what is planned at any step, and whether it was achieved
problems    what is wrong with a plan or may end otherwise than asked, and settings that mend it
baselines   the settings of the honest baselines, and the widths of a small dense network

Rules read in tensorflow-model-optimization 0.8.1: pruning_wrapper.py, pruning_impl.py,
pruning_schedule.py and pruning_utils.py; tests compare with TFMOT itself.
"""
