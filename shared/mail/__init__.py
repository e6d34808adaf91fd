"""Mail that leaves the house: that there is something to do, never what."""
