// A sheet from the API to the disk; what goes wrong on the way is said in words.
import { requestReached } from "../graphql/connection";
import { headers, refuse, waited } from "./answers";

const NAME = /filename\*=UTF-8''([^;]+)/;

interface Options {
  /** In place of the name that the API gives the sheet. */
  name?: string;
  /** Hears how much has arrived. */
  onBytes?: (bytes: number) => void;
  signal?: AbortSignal;
}

/**
 * Saves the sheet. Throws Refused, TypeError where the connection was cut, and the signal's
 * reason when it is aborted.
 */
export async function download(url: string, options: Options): Promise<void> {
  const { name, onBytes = () => undefined, signal } = options;
  const response = await whenFree(url, signal);
  const given = NAME.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  const blob = await new Response(response.body?.pipeThrough(counted(onBytes))).blob();
  signal?.throwIfAborted();
  save(blob, name ?? decodeURIComponent(given ?? "sheet"));
}

/** One sheet of a member is sent at a time: the next one waits. */
async function whenFree(url: string, signal: AbortSignal | undefined): Promise<Response> {
  for (;;) {
    const response = await fetch(url, { headers: headers(), signal }).catch((error) => {
      if (!signal?.aborted) requestReached(false);
      throw error;
    });
    requestReached(true);
    if (response.ok) return response;
    const { status } = response;
    if (!(await waited(status, response.headers.get("Retry-After"), signal))) {
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
