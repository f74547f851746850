"""Recording: which epochs of a run are kept, and what that costs; knows no framework."""
