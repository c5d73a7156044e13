"""Studies made of many runs: claims put to the test, what matters, what would have to be true, which lever to pull.

`expression` reads outcomes of members, `draws` the sets of parameters, `arms` scenarios written inside other files,
`estimate` effects over parameter draws and `verdict` the decision table; the rest is one file or folder a command.
"""
