"""The techniques that compose, and the catalogue of them all."""
