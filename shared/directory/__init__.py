"""The dated copy of units, fields, people's units and the calendar: what each service looks up without asking another."""
