"""The assignment service: routes each referred opinion to the unit that answers, and sees it answered."""
