// From the contract's fields to pages and claims.
import { claimCustomer } from './claims.mjs'
import { claimable, contact, decoded, globalId, heldCount, heldPage, pooledPage, release } from './pages.mjs'
import { releaseCustomer } from './releases.mjs'
import { remedy } from './rules.mjs'
import { poolChanges } from './watching.mjs'

export const resolvers = {
  Query: {
    pool (_, args, { member }) {
      const id = decoded('Pool', args.id)
      return member.open_pools.includes(id) ? { id } : null
    },
    viewer: (_, __, { member }) => member
  },
  Mutation: { claimCustomer, releaseCustomer },
  Subscription: { poolChanges: { subscribe: poolChanges } },
  Member: { id: row => globalId('Member', row.id), privatePool: row => row },
  PrivatePool: { held: heldCount, customers: heldPage },
  Pool: { id: row => globalId('Pool', row.id), customers: pooledPage },
  Customer: {
    id: row => globalId('Customer', row.id),
    openedAt: row => row.opened_at,
    contact,
    claimable,
    holding: row => row.claimed_at ? row : null
  },
  Holding: {
    since: row => row.claimed_at,
    followedUpAt: row => row.followed_up_at,
    remindAt: row => row.remind_at,
    release
  },
  ReleaseCondition: { remedy }
}
