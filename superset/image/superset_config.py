"""Superset's settings. Everything of a deployment, and every secret, comes from the environment when it starts."""

import os
import tempfile
from datetime import timedelta

from flask_appbuilder.security.manager import AUTH_DB, AUTH_OAUTH

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = os.environ["SUPERSET_DATABASE_URI"]

# Behind a balancer people come over HTTPS; through Session Manager to http://localhost.
_IS_BEHIND_BALANCER = os.environ.get("SUPERSET_BEHIND_BALANCER") == "1"
ENABLE_PROXY_FIX = _IS_BEHIND_BALANCER
SESSION_COOKIE_SECURE = _IS_BEHIND_BALANCER
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
PERMANENT_SESSION_LIFETIME = timedelta(hours=10)
WTF_CSRF_ENABLED = True
TALISMAN_ENABLED = True
# http://localhost would be sent to https otherwise.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'"],
        "frame-ancestors": ["'none'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": _IS_BEHIND_BALANCER,
}

# Files of the server cannot be made a database; only a laptop's warehouse is one.
PREVENT_UNSAFE_DB_CONNECTIONS = os.environ.get("SUPERSET_LOCAL_ENGINES") != "1"
FEATURE_FLAGS = {"DASHBOARD_RBAC": True, "ENABLE_TEMPLATE_PROCESSING": False, "ALERT_REPORTS": False}
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = "memory://"
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = "10 per minute"

# The tables change once a night.
_cache = {
    "CACHE_TYPE": "FileSystemCache",
    "CACHE_DIR": os.environ.get("SUPERSET_CACHE", f"{tempfile.gettempdir()}/superset-cache"),
    "CACHE_DEFAULT_TIMEOUT": int(timedelta(hours=1).total_seconds()),
}
CACHE_CONFIG = DATA_CACHE_CONFIG = FILTER_STATE_CACHE_CONFIG = EXPLORE_FORM_DATA_CACHE_CONFIG = _cache

_ISSUER = os.environ.get("OIDC_ISSUER")
AUTH_TYPE = AUTH_OAUTH if _ISSUER else AUTH_DB
if _ISSUER:
    from oidc import OidcSecurityManager

    CUSTOM_SECURITY_MANAGER = OidcSecurityManager
    # Who signs in for the first time sees dashboards; administrators give more.
    AUTH_USER_REGISTRATION = True
    AUTH_USER_REGISTRATION_ROLE = "Gamma"
    # `group=Role;group=Role`. With it the provider's groups decide at every sign-in, and nobody else does.
    AUTH_ROLES_MAPPING = {
        group: [role]
        for group, _, role in (one.rpartition("=") for one in os.environ.get("OIDC_ROLES", "").split(";") if one)
    }
    AUTH_ROLES_SYNC_AT_LOGIN = bool(AUTH_ROLES_MAPPING)
    OAUTH_PROVIDERS = [
        {
            "name": "oidc",
            "icon": "fa-key",
            "token_key": "access_token",
            "remote_app": {
                "client_id": os.environ["OIDC_CLIENT_ID"],
                "client_secret": os.environ["OIDC_CLIENT_SECRET"],
                "server_metadata_url": f"{_ISSUER.rstrip('/')}/.well-known/openid-configuration",
                "client_kwargs": {"scope": "openid email profile"},
            },
        }
    ]
