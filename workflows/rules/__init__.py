"""Rule tables: conditions by column, rows in order. Pure."""

from workflows.rules.analysis import Finding, analyse
from workflows.rules.evaluation import Decision, Rules
from workflows.rules.table import Column, Row, Table, TableError, parse

__all__ = ["Column", "Decision", "Finding", "Row", "Rules", "Table", "TableError", "analyse", "parse"]
