// OpenID Connect: code flow with PKCE. Tokens stay in memory; only the round trip's state is kept.
import { InMemoryWebStorage, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Oidc } from "./config";
import { CALLBACK } from "./paths";
import { renewToken, signIn, signOut } from "./session";

function manager(oidc: Oidc): UserManager {
  const made = new UserManager({
    authority: oidc.issuer,
    client_id: oidc.clientId,
    redirect_uri: window.location.origin + CALLBACK,
    response_type: "code",
    scope: oidc.scope ?? "openid",
    extraQueryParams: oidc.audience ? { audience: oidc.audience } : {},
    automaticSilentRenew: true,
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
  });
  made.events.addUserLoaded((user) => renewToken(user.access_token));
  made.events.addAccessTokenExpired(() => signOut("refused"));
  return made;
}

export async function redirectToIssuer(oidc: Oidc): Promise<void> {
  await manager(oidc).signinRedirect({ state: window.location.pathname });
}

/** Returns the path that the person came from. */
export async function finishSignIn(oidc: Oidc): Promise<string> {
  const user = await manager(oidc).signinRedirectCallback();
  signIn(user.access_token);
  return typeof user.state === "string" ? user.state : "/";
}
