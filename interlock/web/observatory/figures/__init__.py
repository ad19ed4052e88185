"""Figures of the observatory: geometry from plain numbers, drawn by the templates of the same name.

A drawing (`Strip`, `Forest`, `Matrix`, `Network`, `TimeLine`, `Tiles`) knows where its marks stand; a `Figure` is a
drawing with its title, its finding in one sentence, the table that says the same, the file with the numbers
and the command that computes them again. Across is measured in percent of the width, so that letters keep
their size on a telephone; down in pixels. No numpy, no models: pages draw these.
"""
