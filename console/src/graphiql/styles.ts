// The editor makes style elements, and has no option for the nonce that the policy wants.
import { nonce } from "../app/nonce";

const create = document.createElement.bind(document);

document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const made = create(name, options);
  if (made instanceof HTMLStyleElement) made.nonce = nonce();
  return made;
}) as typeof document.createElement;
