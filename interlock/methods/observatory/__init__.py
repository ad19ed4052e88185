"""The observatory's answers: areas or points in, every test of co-location and one finding out.

`areas` asks all that `places.colocation` can ask, right and wrong tests side by side; `points` counts two
lists by county and asks what is asked of points; `verdict` holds the rules by which one sentence is made of
it; `reasons` are the sentences. Needs scipy (the extra
"observatory"). docs/methods/observatory.md says what is asked and how it is judged.
"""
