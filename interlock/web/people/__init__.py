"""Accounts and sign-in. Residents need none; organisers, stewards and members have one."""
