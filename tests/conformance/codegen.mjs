import { execFileSync } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { serve } from "./program.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
// The client's packages: three hundred that need not be installed here too.
const client = fileURLToPath(new URL("../../clients/typescript/", import.meta.url));
const require = createRequire(client);
const { generate } = require("@graphql-codegen/cli");
const { preset } = require("@graphql-codegen/client-preset");

// Types from the server's own introspection, and what `tsc` says of their use.
async function typed(url, token, folder) {
  cpSync(`${here}typed`, folder, { recursive: true });
  symlinkSync(`${client}node_modules`, `${folder}/node_modules`);
  await generate({
    schema: { [url]: { headers: { Authorization: `Bearer ${token}` } } },
    documents: `${here}documents/*.graphql`,
    silent: true,
    generates: {
      [`${folder}/gql/`]: {
        preset,
        config: {
          nonOptionalTypename: true,
          strictScalars: true,
          scalars: Object.fromEntries(
            ["Cursor", "Date", "DateTime", "Decimal", "Duration"].map((name) => [name, "string"]),
          ),
        },
      },
    },
  });
  try {
    const tsc = `${client}node_modules/typescript/bin/tsc`;
    return execFileSync(process.execPath, [tsc, "--noEmit", "-p", folder], { encoding: "utf8" });
  } catch (error) {
    return error.stdout;
  }
}

serve({ typed });
