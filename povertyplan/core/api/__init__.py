"""The ground of the API: who asks, what is refused and how, versions over HTTP, what the schema says."""
