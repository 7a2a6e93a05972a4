// The contract's fields, planned by Grafast: a function's answer has the contract's names.
import { readFileSync } from 'node:fs'
import { loadOneWithPgClient, sideEffectWithPgClient } from 'postgraphile/@dataplan/pg'
import { constant, get, lambda, object } from 'postgraphile/grafast'
import { parse } from 'postgraphile/graphql'
import { extendSchema } from 'postgraphile/utils'

// From data/peers, where this file is copied to.
const CONTRACT = new URL('../../../benchmarks/peers/mercurius/schema.graphql', import.meta.url)
// PostGraphile has a type PageInfo of its own, for its own pages.
const typeDefs = parse(readFileSync(CONTRACT, 'utf8')
  .replace(/^type (Query|Mutation) /gm, 'extend type $1 ')
  .replaceAll('PageInfo', 'PageEnds'))

// The UUID of a global id, null where it is none of that type.
function decoded (type) {
  return text => {
    const [, given, hex] = /^([A-Za-z]+)_([0-9a-f]{32})$/.exec(text) ?? []
    return given === type ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : null
  }
}
const poolId = decoded('Pool')
const customerId = decoded('Customer')

// One prepared statement for each of the values that a request asks for.
function asking (name, text) {
  const asked = async (client, value) => {
    const { rows } = await client.query({ name, text, values: value })
    return rows[0].answer
  }
  const load = (client, lookups) => Promise.all(lookups.map(value => asked(client, value)))
  return Object.assign(load, { one: asked })
}
const readPool = asking('pool', 'SELECT peer.pool($1) AS answer')
const readPooled = asking('pooled', 'SELECT peer.pooled($1, $2) AS answer')
const readCount = asking('count', 'SELECT peer.held_count() AS answer')
const readHeld = asking('held', 'SELECT peer.held($1) AS answer')
const claim = asking('claim', 'SELECT peer.claim_customer($1, $2) AS answer').one

const byTypename = {
  planType: $answer => ({ $__typename: get($answer, '__typename'), planForType: () => $answer })
}

export const contract = extendSchema(build => {
  const executor = build.pgExecutor
  return {
    typeDefs,
    objects: {
      Query: {
        plans: {
          pool: (_, { $id }) => loadOneWithPgClient(executor, [lambda($id, poolId, true)], readPool),
          viewer: () => object({})
        }
      },
      Mutation: {
        plans: {
          claimCustomer (_, { $customerId, $idempotencyKey }) {
            const values = [lambda($customerId, customerId, true), $idempotencyKey]
            return sideEffectWithPgClient(executor, values, claim)
          }
        }
      },
      Member: { plans: { privatePool: () => object({}) } },
      PrivatePool: {
        plans: {
          held: () => loadOneWithPgClient(executor, [], readCount),
          customers: (_, { $first }) => loadOneWithPgClient(executor, [$first], readHeld)
        }
      },
      Pool: {
        plans: {
          customers: ($pool, { $first }) =>
            loadOneWithPgClient(executor, [get($pool, 'key'), $first], readPooled)
        }
      }
    },
    unions: { ClaimCheck: byTypename, ClaimResult: byTypename }
  }
})
