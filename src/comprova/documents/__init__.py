"""Evidence folder in, documents out: PDF and HTML are pure functions of the sealed evidence and of the templates."""
