"""The socket gateway: one ASGI application for browsers (`/ws/v1`) and native clients (`/ws/m/v1`).

It writes what the bus brings to whoever is connected, and hands what clients ask to operations
that the apps above register (`core.gateway.operations`). It knows nothing of what it carries.
"""
