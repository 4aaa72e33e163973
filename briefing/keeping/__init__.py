"""A source, and where its text is → that text beside the facts file, and what stands in it."""
