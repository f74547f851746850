"""The best that n points can do in a container: a shipped table, and the search behind it."""
