"""The processes that serve: a web server and a worker, kept alive by a supervisor."""
