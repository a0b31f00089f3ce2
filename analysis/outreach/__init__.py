"""What published estimates ask for, and how far a budget reaches."""
