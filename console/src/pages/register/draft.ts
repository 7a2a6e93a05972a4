// What is typed into the form, and which of its values are complete enough to look up.
import type { CustomerInput } from "../../gql/graphql";

export type Field = "name" | "level" | "person" | "phone" | "email" | "registrationNumber";
export type Draft = Record<Field, string>;

export const EMPTY: Draft = {
  name: "",
  level: "",
  person: "",
  phone: "",
  email: "",
  registrationNumber: "",
};

/** By these the API finds a duplicate. */
export const KEYS = ["name", "registrationNumber", "phone", "email"] as const;

const MOBILE = /^(\+?86)?1\d{10}$/;
const CREDIT_CODE_LENGTH = 18;
const EMAIL = /^\S+@\S+\.[^\s.]{2,}$/;

/** Complete for sure; a value that may still go on counts once its field is left. */
const IS_COMPLETE: Record<(typeof KEYS)[number], (value: string) => boolean> = {
  name: (value) => value.length >= 4,
  registrationNumber: (value) => value.length === CREDIT_CODE_LENGTH,
  phone: (value) => MOBILE.test(value.replace(/[\s\-()]/g, "")),
  email: (value) => EMAIL.test(value),
};

const MAY_BE: Record<(typeof KEYS)[number], (value: string) => boolean> = {
  name: (value) => value.length >= 2,
  registrationNumber: (value) => value.length >= 6,
  phone: (value) => value.replace(/\D/g, "").length >= 7,
  email: (value) => EMAIL.test(value),
};

/** The keys to look up now; undefined while the name is missing, as the API needs one. */
export function keysOf(draft: Draft, typing: Field | null): CustomerInput | undefined {
  const keys: Partial<CustomerInput> = {};
  for (const key of KEYS) {
    const value = draft[key].trim();
    const check = typing === key ? IS_COMPLETE[key] : MAY_BE[key];
    if (check(value)) keys[key] = value;
  }
  const { name, ...others } = keys;
  return name ? { name, ...others } : undefined;
}

/** As the API takes it: what is empty is left out. */
export function inputOf(draft: Draft): CustomerInput {
  const filled = Object.entries(draft)
    .map(([field, value]) => [field, value.trim()])
    .filter(([, value]) => value);
  return { name: "", ...Object.fromEntries(filled) };
}
