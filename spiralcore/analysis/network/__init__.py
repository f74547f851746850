"""What a recorded network computes: regions, fields, layers, projections."""
