// The API names values as its clients write them: here they have names for people.
import type { TFunction } from "i18next";
import { fieldErrors } from "../../graphql/useCommand";
import { SPANS } from "./form";
import type { Problem } from "./preview";

export function wordsByField(problems: Problem[], t: TFunction<"rules">): Record<string, string> {
  const named = problems.map(({ path, message }) => ({
    path,
    message: SPANS.reduce(
      (text, name) => text.replaceAll(name, `“${t(`field.${name}`)}”`),
      message,
    ),
  }));
  return fieldErrors({ __typename: "InvalidInput", message: "", problems: named }, "rules.");
}
