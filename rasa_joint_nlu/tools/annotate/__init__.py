"""The command `annotate`: many messages → what a model understands of each."""
