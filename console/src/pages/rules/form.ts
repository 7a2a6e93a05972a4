// The form's values, from the API's rules and back. A rule that is switched off is null.
import { createFormContext } from "@mantine/form";
import type {
  ContactField,
  DistributionStrategy,
  RulesFieldsFragment,
  RulesInput,
} from "../../gql/graphql";
import { type DurationValue, isEmpty, readDuration, sayDuration } from "./durations";

export type Rules = RulesFieldsFragment["rules"];
export type Optional = DurationValue | null;

export const DEADLINES = [
  "firstFollowUpWithin",
  "followUpWithin",
  "dealWithin",
  "maxHold",
] as const;
export const SPANS = [
  "newCustomerLock",
  "reclaimCooldown",
  ...DEADLINES,
  "wonFor",
  "grace",
  "extensionLimit",
  "escalateBefore",
] as const;
export type Deadline = (typeof DEADLINES)[number];
export type SpanName = (typeof SPANS)[number];

export interface OwnCapacity {
  memberId: string | null;
  departmentId: string | null;
  name: string;
  capacity: number | string;
}
export type LevelValues = { level: string } & Record<Deadline, Optional>;
export interface DistributionValues {
  strategy: DistributionStrategy;
  quota: number | string | null;
  after: DurationValue;
  memberIds: string[];
  departmentIds: string[];
  /** Of these members and departments. */
  names: string[];
}
export interface RulesValues extends Record<SpanName, Optional> {
  capacity: number | string | null;
  dailyClaimLimit: number | string | null;
  lockLimit: number | string;
  capacities: OwnCapacity[];
  wonCount: boolean;
  dealExempts: boolean;
  dealApproval: boolean;
  workingDays: boolean;
  absenceStopsClock: boolean;
  releaseTo: string | null;
  reminders: DurationValue[];
  levels: LevelValues[];
  masked: ContactField[];
  distribution: DistributionValues | null;
}

export const [RulesFormProvider, useRulesForm, useNewRulesForm] = createFormContext<RulesValues>();

const each = <Name extends string, Value>(names: readonly Name[], of: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Value>;
const read = (text: string | null | undefined): Optional => (text ? readDuration(text) : null);
const say = (value: Optional) => (value && !isEmpty(value) ? sayDuration(value) : null);
const whole = (value: number | string | null) =>
  value === null || value === "" ? null : Number(value);

export function valuesOf(rules: Rules): RulesValues {
  const { reminders, levels, capacities, masked } = rules;
  return {
    capacity: rules.capacity ?? null,
    dailyClaimLimit: rules.dailyClaimLimit ?? null,
    lockLimit: rules.lockLimit,
    wonCount: rules.wonCount,
    dealExempts: rules.dealExempts,
    dealApproval: rules.dealApproval,
    workingDays: rules.workingDays,
    absenceStopsClock: rules.absenceStopsClock,
    releaseTo: rules.releaseTo ?? null,
    ...each(SPANS, (name) => read(rules[name])),
    masked: [...masked],
    distribution: readDistribution(rules.distribution),
    reminders: reminders.map(readDuration),
    levels: levels.map((of) => ({ level: of.level, ...each(DEADLINES, (name) => read(of[name])) })),
    capacities: capacities.map(({ capacity, member, department }) => ({
      memberId: member?.id ?? null,
      departmentId: department?.id ?? null,
      name: member?.name ?? department?.name ?? "",
      capacity,
    })),
  };
}

function readDistribution(of: Rules["distribution"]): DistributionValues | null {
  if (!of) return null;
  return {
    strategy: of.strategy,
    quota: of.quota ?? null,
    after: readDuration(of.after),
    memberIds: of.members.map(({ id }) => id),
    departmentIds: of.departments.map(({ id }) => id),
    names: [...of.departments, ...of.members].map(({ name }) => name),
  };
}

/** A draft of an older console has none. */
function sayDistribution(of: DistributionValues | null | undefined): RulesInput["distribution"] {
  if (!of) return null;
  const { strategy, quota, after, memberIds, departmentIds } = of;
  const wait = isEmpty(after) ? "PT0S" : sayDuration(after);
  return { strategy, quota: whole(quota), after: wait, memberIds, departmentIds };
}

export function inputOf(values: RulesValues): RulesInput {
  const { reminders, levels, capacities, wonCount, dealExempts, dealApproval } = values;
  return {
    capacity: whole(values.capacity),
    dailyClaimLimit: whole(values.dailyClaimLimit),
    lockLimit: whole(values.lockLimit) ?? 0,
    wonCount,
    dealExempts,
    dealApproval,
    workingDays: values.workingDays,
    absenceStopsClock: values.absenceStopsClock ?? false,
    releaseTo: values.releaseTo ?? null,
    ...each(SPANS, (name) => say(values[name])),
    masked: [...values.masked].sort(),
    distribution: sayDistribution(values.distribution),
    reminders: reminders.filter((value) => !isEmpty(value)).map(sayDuration),
    levels: levels.map((of) => ({ level: of.level, ...each(DEADLINES, (name) => say(of[name])) })),
    capacities: capacities.map(({ memberId, departmentId, capacity }) => ({
      memberId,
      departmentId,
      capacity: whole(capacity) ?? 0,
    })),
  };
}

/** The paths of fields that are switched on, but empty. */
export function emptyFields(values: RulesValues): string[] {
  const { reminders, levels, capacities } = values;
  const numbers = (["capacity", "dailyClaimLimit", "lockLimit"] as const).filter(
    (name) => values[name] === "",
  );
  const empty = (value: Optional) => value !== null && isEmpty(value);
  const dealt = values.distribution;
  return [
    ...numbers,
    ...SPANS.filter((name) => empty(values[name])),
    ...(dealt?.quota === "" ? ["distribution.quota"] : []),
    ...(dealt && isEmpty(dealt.after) ? ["distribution.after"] : []),
    ...reminders.flatMap((value, n) => (empty(value) ? [`reminders.${n}`] : [])),
    ...capacities.flatMap(({ capacity }, n) =>
      capacity === "" ? [`capacities.${n}.capacity`] : [],
    ),
    ...levels.flatMap((of, n) =>
      DEADLINES.filter((name) => empty(of[name])).map((name) => `levels.${n}.${name}`),
    ),
  ];
}

/** Those of the values that have these names. */
export function picked(values: RulesValues, names: (keyof RulesInput)[]): Partial<RulesValues> {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

/** The names of the rules that differ. */
export function changed(before: RulesInput, after: RulesInput): (keyof RulesInput)[] {
  const names = Object.keys(after) as (keyof RulesInput)[];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
