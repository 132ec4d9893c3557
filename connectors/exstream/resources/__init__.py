"""What can be planned and changed."""
