"""What a rule of promotion may ask for, in plain Python: its conditions, and whose word counts."""
