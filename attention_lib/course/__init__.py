"""What only the notebooks call: predictions, checks, the museum, progress and walks."""
