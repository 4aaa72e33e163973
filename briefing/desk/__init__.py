"""The briefs of a project in a browser on this machine, while `build --watch` runs."""
