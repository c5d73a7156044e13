"""Forecasts of the record's later steps from its earlier ones, scored against simple rivals."""
