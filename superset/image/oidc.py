"""Sign-in through the company's identity provider (OpenID Connect)."""

import os

from superset.security import SupersetSecurityManager

GROUPS_CLAIM = os.environ.get("OIDC_GROUPS_CLAIM", "groups")


class OidcSecurityManager(SupersetSecurityManager):
    def oauth_user_info(self, provider, response=None):
        """The claims of the ID token, which Authlib has checked: signature, issuer, audience, nonce."""
        claims = (response or {}).get("userinfo") or {}
        if not claims.get("sub"):
            return {}  # signs nobody in
        return {
            # Names and addresses change hands; the subject is one person for ever.
            "username": claims["sub"],
            "email": claims.get("email", f"{claims['sub']}@unknown.invalid"),
            "first_name": claims.get("given_name", ""),
            "last_name": claims.get("family_name", claims.get("name", "")),
            "role_keys": _groups(claims.get(GROUPS_CLAIM)),
        }


def _groups(claim: object) -> list[str]:
    """Providers that know one group only may write it as a text."""
    if isinstance(claim, str):
        return [claim]
    return [group for group in claim if isinstance(group, str)] if isinstance(claim, list) else []
