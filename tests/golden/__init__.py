"""A model kept from an earlier day, which every later version must load and understand alike."""
