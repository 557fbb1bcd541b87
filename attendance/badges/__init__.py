"""Badges to wear: who gets which role, how they are laid out, and the PDF."""
