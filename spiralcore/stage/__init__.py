"""Drawing with Manim: a fast point cloud and what films are made of."""
