"""The cell: gates, parameters, one step, steps through time and back, and how far a change reaches."""
