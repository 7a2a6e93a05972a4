import { execFileSync } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generate } from "@graphql-codegen/cli";
import { preset } from "@graphql-codegen/client-preset";
import { serve } from "./program.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

// Types from the server's own introspection, and what `tsc` says of their use.
async function typed(url, token, folder) {
  cpSync(`${here}typed`, folder, { recursive: true });
  symlinkSync(`${here}node_modules`, `${folder}/node_modules`);
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
    const tsc = `${here}node_modules/typescript/bin/tsc`;
    return execFileSync(process.execPath, [tsc, "--noEmit", "-p", folder], { encoding: "utf8" });
  } catch (error) {
    return error.stdout;
  }
}

serve({ typed });
