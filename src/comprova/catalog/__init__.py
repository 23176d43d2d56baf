"""What is asked and what it is evidence for: queries, packs, parameters, frameworks and their lock."""
