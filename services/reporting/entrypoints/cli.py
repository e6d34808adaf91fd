"""Operator verbs of the reporting service's own; the house's verbs cover them so far."""
