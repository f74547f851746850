"""Means to tell a story: captions, points on their way, focus, trails, links, camera moves."""
