"""What is special to one film."""
