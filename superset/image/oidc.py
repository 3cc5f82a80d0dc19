"""Sign-in through the company's identity provider (OpenID Connect)."""

from superset.security import SupersetSecurityManager


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
        }
