"""Date formats where Django's own would surprise readers in Europe."""
