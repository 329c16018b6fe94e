from scoreboard.actions.rebuild import rebuild_tallies
from scoreboard.actions.recompute import recompute_stale_results

__all__ = ["rebuild_tallies", "recompute_stale_results"]
