// The CSV that somebody chose, read in the browser: nothing is uploaded before it is sent.
export const MOST_BYTES = 16 * 1024 * 1024;

/** UTF-8; where it is none, GB18030, as spreadsheets in China save it. */
export async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

export function sizeOf(text: string): number {
  return new Blob([text]).size;
}
