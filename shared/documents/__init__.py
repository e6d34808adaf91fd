"""Official papers: the one life cycle of them all, the books their numbers come from, who may sign in which capacity."""
