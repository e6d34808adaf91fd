"""What may be asked about a report, and by whom; figures are read without one."""
