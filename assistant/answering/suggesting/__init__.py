"""Questions to begin with and to go on with, each put to the shelf before it is shown."""
