"""What happens in a training, computed from its file, and sentences for it in several languages."""
