"""Learning: tasks, a network, optimisers, training, and a run that can be watched and stopped."""
