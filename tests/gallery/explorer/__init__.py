"""One network, or two: its pictures, its epochs, its tour, files of the reader's own."""
