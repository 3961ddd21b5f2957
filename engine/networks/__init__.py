"""Networks as values: layers, shapes, the NumPy forward pass, metrics, the file format."""
