"""Still figures of one network, with matplotlib: what films show moving, to print and to quote."""
