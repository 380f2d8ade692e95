"""A trained network in NumPy: from a batch to predictions, without torch."""
