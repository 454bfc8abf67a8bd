"""What all panels are made of: the panel, controls, presets, and shared parts of scenes."""
