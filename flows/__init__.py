"""The way through the steps: the flow, its deployments and the command line."""
