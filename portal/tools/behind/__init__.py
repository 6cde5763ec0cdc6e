"""A country in which all agencies are done but a planted set: what chases them must show exactly these."""
