"""Surveys passed from hand to hand: consent, answers, coupons, links; kept apart as the schema says."""
