"""Recording somebody's own training loop in torch."""
