"""The window: shows what the services know, emits what the user wants."""
