"""Training in the page: what it computes, and what one sees of it."""
