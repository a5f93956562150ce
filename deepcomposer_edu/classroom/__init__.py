"""For teachers: sets of lessons, grading, a bundle for rooms without a network."""
