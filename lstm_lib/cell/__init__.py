"""Cells: gates, parameters, one step, the forward and backward pass through time, and Jacobians."""
