"""Content proposed for the Chairman's dialogue: appraised, submitted, decided (Track B)."""
