"""Built briefs → messages → those who should have them, once."""
