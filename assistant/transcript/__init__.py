"""A conversation put on record: what was asked, answered, cited and withheld."""
