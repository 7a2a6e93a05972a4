// The addresses that an identity provider sends people back to.
export const CALLBACK = "/signin/callback";
export const SIGNED_OUT = "/signin/out";
