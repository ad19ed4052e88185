"""The ballot box: rolls, envelopes, receipts, opening. It does not know what is voted on."""
