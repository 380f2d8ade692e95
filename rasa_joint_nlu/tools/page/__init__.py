"""The command `page`: what a model understands, to be looked at in a browser."""
