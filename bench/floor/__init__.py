"""The floor: the least Django that shows the same rows and takes a ballot. Nothing explains, nothing
is translated, nobody is identified."""
