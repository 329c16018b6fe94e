"""No models: period, statistics, policies, registries and template tags that every room uses."""
