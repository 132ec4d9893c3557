"""Evidence: what was collected outside, kept so that nobody can change it unnoticed."""
