// Report the customer; the answer is shown in words, wrong values at their fields.
import { useState } from "react";
import { graphql } from "../../gql";
import type { RegisterCustomerMutation } from "../../gql/graphql";
import { fieldErrors, useCommand } from "../../graphql/useCommand";
import { type Draft, type Field, inputOf } from "./draft";

const RegisterCustomer = graphql(`
  mutation RegisterCustomer($customer: CustomerInput!, $poolId: ID!, $idempotencyKey: String) {
    registerCustomer(customer: $customer, poolId: $poolId, idempotencyKey: $idempotencyKey) {
      __typename
      ... on Claimed { customer { id name holding { since release { ...ReleaseFields } } } }
      ... on Refusal { message }
      ... on DuplicateFound { duplicates { ...FoundDuplicate } }
      ... on InvalidInput { problems { path message } }
    }
  }
`);

type Result = RegisterCustomerMutation["registerCustomer"];
export type Registered = Extract<Result, { __typename: "Claimed" }>["customer"];
export type Refused = Exclude<Result, { __typename: "Claimed" }>;
export type Errors = Partial<Record<Field, string>>;

export function useRegister(onDone: () => void) {
  const { run, busy } = useCommand(RegisterCustomer, { showsRefusals: true });
  const [registered, setRegistered] = useState<Registered>();
  const [refused, setRefused] = useState<Refused>();
  const [errors, setErrors] = useState<Errors>({});

  function forget(field?: Field) {
    setRefused(undefined);
    setRegistered(undefined);
    setErrors((all) => (field ? { ...all, [field]: undefined } : {}));
  }

  async function register(draft: Draft, poolId: string) {
    forget();
    const outcome = await run({ customer: inputOf(draft), poolId });
    if (outcome.kind === "failed") return;
    if (outcome.kind === "refused") {
      const { refusal } = outcome;
      setErrors(fieldErrors(refusal, "customer."));
      setRefused(refusal as Refused);
      return;
    }
    setRegistered(outcome.value.customer);
    onDone();
  }
  return { register, busy, registered, refused, errors, forget };
}
