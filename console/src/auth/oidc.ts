// OpenID Connect: code flow with PKCE. Tokens stay in memory; only the round trip's state is kept.
import {
  ErrorResponse,
  InMemoryWebStorage,
  UserManager,
  WebStorageStateStore,
} from "oidc-client-ts";
import type { Oidc } from "./config";
import { CALLBACK, SIGNED_OUT } from "./paths";
import { type Leaving, renewToken, signIn, signOut } from "./session";

const SOON = 5_000;

function manager(oidc: Oidc): UserManager {
  const resource = oidc.resource ?? undefined;
  const made = new UserManager({
    authority: oidc.issuer,
    client_id: oidc.clientId,
    redirect_uri: window.location.origin + CALLBACK,
    post_logout_redirect_uri: window.location.origin + SIGNED_OUT,
    response_type: "code",
    scope: oidc.scope ?? "openid",
    extraQueryParams: oidc.audience ? { audience: oidc.audience } : {},
    resource,
    // The library names the resource when it asks for a code, but not when it redeems one.
    extraTokenParams: resource ? { resource } : {},
    // The library's own renewal does not name the resource: the token would be another one.
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
  });
  made.events.addUserLoaded((user) => renewToken(user.access_token));
  made.events.addAccessTokenExpiring(() => void renew(made, resource));
  made.events.addAccessTokenExpired(() => signOut("refused"));
  return made;
}

/** By the refresh token, if the issuer gave one; again soon if nobody answers. */
async function renew(made: UserManager, resource: string | undefined): Promise<void> {
  const user = await made.getUser();
  if (!user?.refresh_token) return;
  try {
    await made.signinSilent({ resource });
  } catch (error) {
    if (!(error instanceof ErrorResponse)) setTimeout(renew, SOON, made, resource);
  }
}

export async function redirectToIssuer(oidc: Oidc): Promise<void> {
  const { pathname, search } = window.location;
  await manager(oidc).signinRedirect({ state: pathname + search });
}

/** Returns the page that the person came from. */
export async function finishSignIn(oidc: Oidc): Promise<string> {
  const made = manager(oidc);
  const user = await made.signinRedirectCallback();
  signIn(user.access_token, (left) => void leave(made, left));
  return typeof user.state === "string" ? user.state : "/";
}

/** Renew no more. Who chose to leave is signed out at the issuer too, if it offers that. */
async function leave(made: UserManager, left: Leaving): Promise<void> {
  const offered = left === "chosen" && (await made.metadataService.getEndSessionEndpoint());
  await (offered ? made.signoutRedirect() : made.removeUser());
}
