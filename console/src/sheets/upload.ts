// A file to POST /sheets, as it is. By XMLHttpRequest: fetch does not say how much is sent.
import { reachable, requestReached } from "../graphql/connection";
import { headers, refuse, waited } from "./answers";

export const MOST_BYTES = 16 * 1024 * 1024;
const CREATED = 201;

export interface Kept {
  id: string;
  /** The names of a workbook's sheets. */
  worksheets: string[];
}

interface Answer {
  /** 0 where the connection was lost. */
  status: number;
  body: string;
  retryAfter: string | null;
}

/**
 * Returns the kept sheet, sent again after each lost connection.
 * Throws Refused, and the signal's reason when it is aborted.
 */
export async function uploadSheet(
  file: Blob,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Kept> {
  for (;;) {
    const { status, body, retryAfter } = await post(file, onSent, signal);
    signal.throwIfAborted();
    if (status === CREATED) return JSON.parse(body);
    if (status === 0) await reachable();
    else if (!(await waited(status, retryAfter, signal))) refuse(status, body);
    signal.throwIfAborted();
    onSent(0);
  }
}

function post(file: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<Answer> {
  const request = new XMLHttpRequest();
  request.open("POST", "/sheets");
  for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.onprogress = ({ loaded }) => onSent(Math.min(loaded, file.size));
  const abort = () => request.abort();
  signal.addEventListener("abort", abort);
  return new Promise((resolve) => {
    request.onloadend = () => {
      signal.removeEventListener("abort", abort);
      const { status, responseText: body } = request;
      if (!signal.aborted) requestReached(status !== 0);
      resolve({ status, body, retryAfter: request.getResponseHeader("Retry-After") });
    };
    request.send(file);
  });
}
