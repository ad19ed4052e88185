"""Twelve ways to interlock, and the joint proposals that two institutions write and sign."""
