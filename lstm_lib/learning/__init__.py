"""Tasks, networks, optimisers, training, and runs that can be watched and stopped."""
