"""What people asked, and the questions whose answers are known."""
