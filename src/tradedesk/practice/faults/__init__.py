"""Trouble on request: faults as data, armed by a file or the control endpoint, strikes numbered."""

from tradedesk.practice.faults.desk import Faults
from tradedesk.practice.faults.model import Fault

__all__ = ["Fault", "Faults"]
