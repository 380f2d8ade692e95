"""Tools beside the component: `python -m rasa_joint_nlu COMMAND`."""
