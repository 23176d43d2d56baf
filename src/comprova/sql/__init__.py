"""Compiles one query into one statement: parse, check, bind, scope, translate."""
