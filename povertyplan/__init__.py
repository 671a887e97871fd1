"""povertyplan: how a Vietnamese commune runs its poverty programme."""
