"""The API: each room owns its part, joined here."""

from ninja import NinjaAPI

api = NinjaAPI(title="Charterwell", version="1", docs_url=None, urls_namespace="api")
