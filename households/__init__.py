"""Registry, standards, rounds and reviews of households: the source of every start figure."""
