"""A session in the studio: everything that it does, without a screen."""
