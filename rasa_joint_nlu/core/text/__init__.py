"""Text → tokens, and what tokens are looked up under."""
