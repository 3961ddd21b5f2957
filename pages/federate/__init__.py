"""The page Federate: clients with different data train together."""
