// A document as it is sent: its text, its id of the manifest, or its hash.
import type { DocumentTypeDecoration } from "@graphql-typed-document-node/core";

/** A typed document, as graphql-codegen writes it with `documentMode: "string"`. */
export type Operation<Result, Variables> = DocumentTypeDecoration<Result, Variables> & {
  toString(): string;
  __meta__?: { hash?: string };
};

/**
 * "text"; "ids" for an API with trusted documents, whose manifest has them; "hashes" for automatic
 * persisted queries, which send a text only once.
 */
export type DocumentMode = "text" | "ids" | "hashes";

export type Payload = Record<string, unknown>;

const KIND = /(?:^|\})\s*(query|mutation|subscription)\b/;
const KEY = /\$idempotencyKey\b/;
const hashes = new Map<string, Promise<string>>();

export function isQuery(text: string): boolean {
  return KIND.exec(text)?.[1] === "query";
}

export function takesKey(text: string): boolean {
  return KEY.test(text);
}

/** Not randomUUID: browsers lack it where a company serves Seapool by plain HTTP. */
export function newKey(): string {
  return hexadecimal(crypto.getRandomValues(new Uint8Array(16)));
}

/** What names the document in a request. Throws if it has no id. */
export async function named(
  operation: Operation<unknown, never>,
  mode: DocumentMode,
): Promise<Payload> {
  const text = operation.toString();
  // Browsers hash nothing where a company serves Seapool by plain HTTP.
  if (mode === "text" || (mode === "hashes" && !crypto.subtle)) return { query: text };
  if (mode === "hashes") {
    const hash = await hashOf(text);
    return { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } };
  }
  const documentId = operation.__meta__?.hash;
  if (!documentId) throw new Error(`This document has no id: ${text.trim().slice(0, 60)}`);
  return { documentId };
}

function hashOf(text: string): Promise<string> {
  let known = hashes.get(text);
  if (!known) {
    known = crypto.subtle
      .digest("SHA-256", new TextEncoder().encode(text))
      .then((bytes) => hexadecimal(new Uint8Array(bytes)));
    hashes.set(text, known);
  }
  return known;
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
