"""Where things stand in a frame, in design pixels."""
