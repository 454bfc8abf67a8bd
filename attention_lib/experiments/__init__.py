"""Does it help? Tasks, small networks, training, stored runs and statistics."""
