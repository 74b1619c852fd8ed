"""The faces over HTTP: the API for programs, the pages for people."""
