"""Operator verbs of the assignment service's own; the house's verbs cover them so far."""
