"""Letters, posters and files that the portal gives out."""
