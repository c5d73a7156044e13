"""Fitting the model to the record: rows at risk, exact likelihood, posterior, and checks of the fit itself.

`panel` and `history` hold what the record says, `rows` and `answers` every decision that could have come,
`ladder_likelihood` and `accord_likelihood` how likely it was, `posterior`, `mode` and `chain` the fit, `fit` the file
that scenarios name, `synthetic` and `recovery` whether the fit finds what was put in.
"""
