"""The pages of the dashboard: inputs, settings, submit, view. No TensorFlow in here."""
