"""The command `check`: what is wrong with NLU data, before anything is trained on it."""
