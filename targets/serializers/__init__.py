"""Target plans as the API shows and takes them."""
