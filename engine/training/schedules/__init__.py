"""Pruning while training, in a worker: TensorFlow and TFMOT live here.

masking     Keras layers wrapped by TFMOT: the only importer of tensorflow_model_optimization
pruning     the training itself: where it starts, steps, masks, reports, checkpoints

What a schedule will do is known without any of this: see `engine.pruning.plan`.
"""
