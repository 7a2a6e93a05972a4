import { Skeleton } from "@mantine/core";
import { Suspense } from "react";
import { lazyPage } from "../app/lazyPage";
import type { BarPictureProps } from "./BarPicture";

const BarPicture = lazyPage(() => import("./BarPicture"));

/** A bar chart; its library is loaded when the first one is shown. */
export function Bars(props: BarPictureProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height} radius="md" />}>
      <BarPicture {...props} />
    </Suspense>
  );
}
