"""Parts of a film with a place of their own: planes, numbers, titles, notes."""
