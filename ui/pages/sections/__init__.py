"""sections of the settings page."""
