"""What each village takes on in a year: start figures, reductions, and all that follows from them."""
