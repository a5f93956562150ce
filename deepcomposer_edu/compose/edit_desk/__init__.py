"""A piece that a person and a network edit in turn, without a screen."""
