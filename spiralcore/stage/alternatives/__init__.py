"""Other layouts of films than that of their story."""
