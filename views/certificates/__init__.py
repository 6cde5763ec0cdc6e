"""The room of certificates: their release and list at NACC, each at its agency, and its public page."""
