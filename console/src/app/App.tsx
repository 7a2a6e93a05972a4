import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { Suspense } from "react";
import { BrowserRouter } from "react-router";
import { SignIn } from "../auth/SignIn";
import { useSession } from "../auth/session";
import { LoadingList } from "../components/LoadingList";
import { nonce } from "./nonce";
import { SignedIn } from "./SignedIn";
import { theme } from "./theme";

export function App() {
  const session = useSession();
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={nonce}>
      <Notifications position="top-center" autoClose={6_000} limit={4} zIndex={400} />
      <BrowserRouter>
        <Suspense fallback={<LoadingList />}>
          {session.token === null ? <SignIn left={session.left} /> : <SignedIn />}
        </Suspense>
      </BrowserRouter>
    </MantineProvider>
  );
}
