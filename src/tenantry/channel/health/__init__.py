"""How far mirrors are in step, what is set aside, and from when on somebody is told (UP-43, UP-45)."""
