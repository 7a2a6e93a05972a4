// The normalised cache: objects by id; lists are read again after a verb that changes them.
import {
  type Cache,
  cacheExchange,
  type Data,
  type UpdateResolver,
} from "@urql/exchange-graphcache";
import { graphql } from "../gql";
import { possibleTypes } from "../gql/possibleTypes";

/** Objects without an id belong to the object that holds them. */
const EMBEDDED = [
  "Absence",
  "Calendar",
  "Capacity",
  "CapacityAdvice",
  "Contact",
  "Duplicate",
  "FormerKey",
  "Holding",
  "ImportPreview",
  "ImportProgress",
  "InputProblem",
  "LevelRules",
  "ManyMisses",
  "MemberLoad",
  "MemberReport",
  "MoveAnswer",
  "PageInfo",
  "PoolAccess",
  "PoolChange",
  "PoolReport",
  "PrivatePool",
  "ReasonCount",
  "QuietHours",
  "Received",
  "ReleaseBucket",
  "ReleaseCondition",
  "ReleaseForecast",
  "Rules",
  "RulesEffect",
  "RulesPreview",
  "RulesProgress",
  "RulesVersion",
  "CustomerConnection",
  "MemberConnection",
  "FollowUpConnection",
  "EventConnection",
  "AlertConnection",
  "ExtensionConnection",
  "RulesVersionConnection",
  "WebhookDeliveryConnection",
  "ChannelDeliveryConnection",
  ...possibleTypes.Refusal,
  ...possibleTypes.ClaimCheck,
];

const keyOfAlert = (alert: Data) => String(alert.cursor);

const keys = {
  ...Object.fromEntries(EMBEDDED.map((name) => [name, () => null])),
  Alert: keyOfAlert,
};

function forget(cache: Cache, entity: string | null, fields: string[]): void {
  if (!entity) return;
  for (const field of cache.inspectFields(entity)) {
    if (fields.includes(field.fieldName)) cache.invalidate(entity, field.fieldKey);
  }
}

function entitiesOf(cache: Cache, type: string): string[] {
  const found = new Set<string>();
  for (const field of cache.inspectFields("Query")) {
    const value = cache.resolve("Query", field.fieldKey);
    for (const link of Array.isArray(value) ? value : [value]) {
      if (typeof link === "string" && link.startsWith(`${type}:`)) found.add(link);
    }
  }
  return [...found];
}

function forgetChannels(cache: Cache): void {
  forget(cache, "Query", ["organization"]);
  for (const member of entitiesOf(cache, "Member")) forget(cache, member, ["channels"]);
}

function forgetPrivatePools(cache: Cache): void {
  for (const member of entitiesOf(cache, "Member")) forget(cache, member, ["privatePool"]);
}

function forgetPools(cache: Cache, fields: string[]): void {
  for (const pool of entitiesOf(cache, "Pool")) forget(cache, pool, fields);
}

/** A customer's page shows its history: the verb has just added to it. */
function forgetHistory(cache: Cache, args: Record<string, unknown>): void {
  const { customerId, customerIds, keep, drop } = args;
  for (const id of [customerId, customerIds, keep, drop].flat()) {
    if (typeof id !== "string") continue;
    forget(cache, cache.keyOfEntity({ __typename: "Customer", id }), ["history", "followUps"]);
  }
}

const Read = graphql(`
  fragment Read on Alert { cursor read }
`);

/** The lists show them as read the next time, without asking for all of them again. */
function markAlertsRead(cache: Cache): void {
  for (const member of entitiesOf(cache, "Member")) {
    for (const { fieldName, fieldKey } of cache.inspectFields(member)) {
      if (fieldName !== "alerts") continue;
      const connection = cache.resolve(member, fieldKey);
      const alerts = typeof connection === "string" ? cache.resolve(connection, "nodes") : [];
      for (const alert of (alerts ?? []) as string[]) {
        const cursor = cache.resolve(alert, "cursor") as string;
        cache.writeFragment(Read, { __typename: "Alert", cursor, read: true });
      }
    }
  }
}

const ownershipChanged: UpdateResolver = (_result, args, cache) => {
  forgetPrivatePools(cache);
  forgetHistory(cache, args);
};

const customerChanged: UpdateResolver = (_result, args, cache) => forgetHistory(cache, args);

export const cache = () =>
  cacheExchange({
    possibleTypes: possibleTypes as unknown as Record<string, string[]>,
    keys,
    updates: {
      Mutation: {
        claimCustomer: ownershipChanged,
        claimCustomers: ownershipChanged,
        releaseCustomer: ownershipChanged,
        registerCustomer: ownershipChanged,
        transferCustomer: ownershipChanged,
        assignCustomer: ownershipChanged,
        assignCustomers: ownershipChanged,
        undoReleases: ownershipChanged,
        handOver: (result, args, all, info) => {
          ownershipChanged(result, args, all, info);
          forgetPools(all, ["customers"]);
        },
        mergeCustomers: (result, args, all, info) => {
          ownershipChanged(result, args, all, info);
          forgetPools(all, ["customers"]);
        },
        updateCustomer: customerChanged,
        releaseDuplicateKey: customerChanged,
        logFollowUp: customerChanged,
        recordDeal: customerChanged,
        lockCustomer: customerChanged,
        unlockCustomer: customerChanged,
        requestExtension: customerChanged,
        readAlerts: (_result, _args, all) => markAlertsRead(all),
        decideExtension: (_result, _args, all) => forgetPools(all, ["extensions"]),
        confirmDeal: (_result, args, all) => {
          forgetPools(all, ["unconfirmedDeals"]);
          forgetHistory(all, args);
        },
        saveMember: (_result, _args, all) => forget(all, "Query", ["members"]),
        deactivateMember: (_result, _args, all) => {
          forget(all, "Query", ["members"]);
          forgetPrivatePools(all);
          forgetPools(all, ["customers"]);
        },
        reactivateMember: (_result, _args, all) => forget(all, "Query", ["members"]),
        saveDepartment: (_result, _args, all) => forget(all, "Query", ["organization"]),
        setCalendar: (_result, _args, all) => forget(all, "Query", ["organization"]),
        saveWebhook: (_result, _args, all) => forget(all, "Query", ["organization"]),
        deleteWebhook: (_result, _args, all) => forget(all, "Query", ["organization"]),
        saveChannel: (_result, _args, all) => forgetChannels(all),
        deleteChannel: (_result, _args, all) => forgetChannels(all),
        createPool: (_result, _args, all) => forget(all, "Query", ["pools"]),
        importSheet: (_result, _args, all) => forgetPools(all, ["customers"]),
        moveCustomers: (_result, args, all) => {
          forgetPools(all, ["customers"]);
          forgetHistory(all, args);
        },
      },
    },
  });
