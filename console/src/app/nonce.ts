// The page's own nonce: style elements that libraries add need it under the strict policy.
declare global {
  var __webpack_nonce__: string | undefined;
}

const meta = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]");

export const nonce = () => meta?.nonce ?? "";

// Where react-remove-scroll, below Mantine's dialogs, looks for it.
globalThis.__webpack_nonce__ = nonce();
