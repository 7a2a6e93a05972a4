import { serverAudits } from "graphql-http";
import { serve } from "./program.mjs";

async function audit(url, token) {
  const fetchFn = (address, asked) =>
    fetch(address, {
      ...asked,
      headers: { ...asked?.headers, Authorization: `Bearer ${token}` },
    });
  const results = [];
  for (const each of serverAudits({ url, fetchFn })) {
    const { id, name, status, reason } = await each.fn();
    results.push({ id, name, status, reason });
  }
  return results;
}

serve({ audit });
