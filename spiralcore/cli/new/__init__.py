"""What `spiral new` begins with: a film that runs, and its test."""
