"""What surrounds what is shown: the table, keys, sizes, looks, links, words."""
