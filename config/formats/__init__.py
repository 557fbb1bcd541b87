"""How dates are written, where Django's own formats would surprise a reader in Europe."""
