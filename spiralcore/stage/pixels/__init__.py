"""The pixels of a frame, and the compiled loops that touch them."""
