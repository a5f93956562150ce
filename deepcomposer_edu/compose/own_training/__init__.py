"""Trainings of your own: planned, priced, begun, resumed."""
