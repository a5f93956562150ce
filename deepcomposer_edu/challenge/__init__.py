"""The challenge in a box: one minute to space, from the brief to a submitted entry."""
