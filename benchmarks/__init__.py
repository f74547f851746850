"""Measurements: speed against what people use instead, agreement, steadiness."""
