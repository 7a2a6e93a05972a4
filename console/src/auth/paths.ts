export const CALLBACK = "/signin/callback";
