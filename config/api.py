"""The API: each room owns its part, joined here."""

from ninja import NinjaAPI

from customers.api import router as customers_router
from feedback.api import router as feedback_router
from feedback.api_invitations import router as invitations_router
from home.api import router as home_router
from scoreboard.api import router as scoreboard_router
from strategy.api import router as strategy_router

api = NinjaAPI(title="Charterwell", version="1", docs_url=None, urls_namespace="api")
api.add_router("", customers_router)
api.add_router("", feedback_router)
api.add_router("", invitations_router)
api.add_router("", scoreboard_router)
api.add_router("", strategy_router)
api.add_router("", home_router)
