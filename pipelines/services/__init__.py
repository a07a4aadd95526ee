"""What an operator can do, without a screen."""
