"""Sources from reference managers, and back: CSL-JSON, BibTeX, BibLaTeX, RIS."""
