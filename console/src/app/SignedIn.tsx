import { useEffect, useState } from "react";
import { Provider } from "urql";
import { type Api, createApi } from "../graphql/client";
import { AlertsProvider } from "./alerts";
import { loadTheRest } from "./lazyPage";
import { MeProvider } from "./me";
import { Pages } from "./Pages";
import { Shell } from "./Shell";

/** A new client for each sign-in: nobody sees what another person loaded. */
export function SignedIn() {
  const [api, setApi] = useState<Api>();
  useEffect(() => {
    const made = createApi();
    setApi(made);
    const timer = setTimeout(loadTheRest, 3_000);
    return () => {
      clearTimeout(timer);
      made.close();
    };
  }, []);
  if (!api) return null;
  return (
    <Provider value={api.client}>
      <MeProvider>
        <AlertsProvider>
          <Shell>
            <Pages />
          </Shell>
        </AlertsProvider>
      </MeProvider>
    </Provider>
  );
}
