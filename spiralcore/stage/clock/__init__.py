"""Film time: holds, moves, pauses, and the way back to the start."""
