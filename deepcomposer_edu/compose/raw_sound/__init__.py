"""Pieces played by networks that make sound samples."""
