"""From films to files: MP4, GIF and posters, drawn by several processes."""
