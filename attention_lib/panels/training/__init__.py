"""Live training: a small network learns, and its loss, accuracy and gates move meanwhile."""
