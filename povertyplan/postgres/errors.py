"""The one exception of this package."""


class EmbeddedError(Exception):
    """The database cannot be used; the text is one Vietnamese sentence for the operator.

    Callers print it and exit with status 1.
    """
