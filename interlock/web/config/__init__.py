"""Settings, urls and the WSGI door: the only room that knows all the others."""
