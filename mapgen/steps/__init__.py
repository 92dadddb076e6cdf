"""The steps of a map's making: ground, plan, write, relate, check, repair.

Each is a plain function of values and knows neither the graph nor the other steps.
"""
