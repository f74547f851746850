"""What is drawn inside of panels: regions, borders, curves, words."""
