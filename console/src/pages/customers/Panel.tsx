import { Suspense } from "react";
import { lazyPage, lazyPart } from "../../app/lazyPage";
import { LoadingList } from "../../components/LoadingList";
import type { Action, PanelProps } from "./actions";

const PANELS = {
  followUp: lazyPart(() => import("./FollowUp")),
  deal: lazyPage(() => import("./Deal")),
  giveBack: lazyPage(() => import("./GiveBack")),
  extension: lazyPage(() => import("./Extension")),
};

export function Panel({ action, ...props }: PanelProps & { action: Action }) {
  const Chosen = PANELS[action];
  return (
    <Suspense fallback={<LoadingList rows={1} />}>
      <Chosen {...props} />
    </Suspense>
  );
}
