"""Reports: a unit's figures of a period that is over, frozen, printed and cited."""
