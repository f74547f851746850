"""The shots of the explaining film: pieces with a length, words and a picture of their own."""
