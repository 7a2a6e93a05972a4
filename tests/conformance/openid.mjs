// An identity provider of another maker. Its own pages ask for a name and for consent.
import { createServer } from "node:http";
import { errors, Provider } from "oidc-provider";
import { serve, tell } from "./program.mjs";

// Its warnings of what production needs would come between the lines for the test.
console.info = console.error;
const server = createServer();

async function listen() {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return address();
}

const address = () => `http://127.0.0.1:${server.address().port}`;

// Sign people of the organization in to the console at `origin`; tell of each grant of a token.
function answer(origin, given) {
  const provider = new Provider(address(), configuration(origin, given));
  provider.on("grant.success", ({ oidc }) => tell(oidc.params.grant_type));
  provider.on("grant.error", (_, error) => tell(error.error_description ?? error.message));
  server.on("request", provider.callback());
}

// `lifetime` is that of an access token, in seconds.
function configuration(origin, { client, audience, resource, organization, lifetime }) {
  const getResourceServerInfo = (_, asked) => {
    if (asked !== resource) throw new errors.InvalidTarget();
    return { scope: "", audience, accessTokenTTL: lifetime, accessTokenFormat: "jwt" };
  };
  return {
    clients: [
      {
        client_id: client,
        // Others may not have an address without TLS.
        application_type: "native",
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        redirect_uris: [`${origin}/signin/callback`],
        post_logout_redirect_uris: [`${origin}/signin/out`],
      },
    ],
    clientBasedCORS: (_, from) => from === origin,
    extraTokenClaims: () => ({ org: organization }),
    features: { resourceIndicators: { enabled: true, getResourceServerInfo } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: () => true,
  };
}

serve({ listen, answer });
