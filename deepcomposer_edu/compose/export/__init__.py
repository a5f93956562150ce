"""Music as files: sound, notation, film, galleries and pages, all or none."""
