"""The ways out: how a message reaches its receiver, a channel a file."""
