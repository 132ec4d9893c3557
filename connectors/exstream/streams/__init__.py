"""What can be read whole."""
