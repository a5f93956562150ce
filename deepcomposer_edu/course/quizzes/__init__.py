"""The quiz of each lesson: chNN.py holds QUESTIONS, five of them."""
