"""Ground that knows no domain word: audit, versions, text, numbers, dates."""
