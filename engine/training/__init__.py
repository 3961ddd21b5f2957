"""All that needs TensorFlow or Numba, except the converter: Keras models, training, schedules."""
