"""What stands before pages and programs: who asks, how much, and what is refused."""
