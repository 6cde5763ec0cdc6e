"""The register of agencies and places."""
