"""What one may name in settings: activations, spaces, aspects, films, themes, formats, policies."""
