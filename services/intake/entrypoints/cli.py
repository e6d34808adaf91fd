"""Operator verbs of the intake service's own; the house's verbs cover them so far."""
