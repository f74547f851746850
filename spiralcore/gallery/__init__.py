"""The page: a table of all networks in step, and any one of them drawn live."""
