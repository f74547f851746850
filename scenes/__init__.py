"""The films: choreography only, one film a file."""
