"""Whether the shelf answers a question, and which way of reading it is the right one."""
