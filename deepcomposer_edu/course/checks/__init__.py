"""The exercises of each lesson: chNN.py holds EXERCISES, their hints and checks."""
