"""Comparing Rasa pipelines on the user's own data: `python -m rasa_joint_nlu compare`."""
