"""The commands, by what they are about; each loads what it needs only when it is called."""
