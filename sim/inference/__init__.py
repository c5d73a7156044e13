"""Fitting the model to the record: risk sets, exact likelihood, posterior, and checks of the fit itself.

`covariates` and `observations` hold what the record says; `risk_sets` and `answers` every decision that could have
come; `predictors` its log hazard or log-odds, `likelihood` and `accord_likelihood` how likely what came was;
`posterior`, `laplace` and `sample` the fit; `conjugate` what is fitted by counting; `fit` the file that scenarios name;
`update` and `psis` how that file follows a changed record; `synthetic`, `engine_history` and `sbc` whether the fit
finds what was put in; `table` the risk sets for readers.
"""
