"""What the ticket bot does: `rasa run actions` in the bot's folder serves it, in any language."""
