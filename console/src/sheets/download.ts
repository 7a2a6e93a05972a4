// A sheet from the API to the disk; what goes wrong on the way is said in words.
import { requestReached } from "../graphql/connection";
import { headers, refuse, waited } from "./answers";

const NAME = /filename\*=UTF-8''([^;]+)/;

/**
 * Saves the sheet under `name`, else under the name that the API gives it; `onBytes` hears how
 * much has arrived. Throws Refused, and TypeError where the connection was cut.
 */
export async function download(
  url: string,
  onBytes: (bytes: number) => void,
  name?: string,
): Promise<void> {
  const response = await whenFree(url);
  const given = NAME.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  const blob = await new Response(response.body?.pipeThrough(counted(onBytes))).blob();
  save(blob, name ?? decodeURIComponent(given ?? "sheet"));
}

/** One sheet of a member is sent at a time: the next one waits. */
async function whenFree(url: string): Promise<Response> {
  for (;;) {
    const response = await fetch(url, { headers: headers() }).catch((error) => {
      requestReached(false);
      throw error;
    });
    requestReached(true);
    if (response.ok) return response;
    const { status } = response;
    if (!(await waited(status, response.headers.get("Retry-After")))) {
      refuse(status, await response.text());
    }
  }
}

function counted(onBytes: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(part, controller) {
      bytes += part.byteLength;
      onBytes(bytes);
      controller.enqueue(part);
    },
  });
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
