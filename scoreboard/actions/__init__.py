from scoreboard.actions.changes import ChangeRefused, archive_change, mark_change, restore_change
from scoreboard.actions.compare import ask_for_nightly_comparison, compare_tallies
from scoreboard.actions.rebuild import rebuild_tallies
from scoreboard.actions.recompute import recompute_stale_results

__all__ = [
    "ChangeRefused",
    "archive_change",
    "ask_for_nightly_comparison",
    "compare_tallies",
    "mark_change",
    "rebuild_tallies",
    "recompute_stale_results",
    "restore_change",
]
