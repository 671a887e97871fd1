"""The arithmetic of targets: pure functions over counts."""
