"""What is beyond doubt, what a clerk must see, and what a clerk said."""
