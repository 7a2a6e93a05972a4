from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, Optional, Union

from .alerts import Alerts
from .assign_customer import AssignCustomer
from .base import Base
from .base_model import UNSET, UnsetType
from .claim_customer import ClaimCustomer
from .claim_customers import ClaimCustomers
from .customer import Customer
from .customer_history import CustomerHistory
from .duplicates import Duplicates
from .enums import FollowUpKind, HeldOrder, PoolOrder
from .input_types import CustomerInput
from .lock_customer import LockCustomer
from .log_follow_up import LogFollowUp
from .my_customers import MyCustomers
from .pool_changes import PoolChanges
from .pool_customers import PoolCustomers
from .pools import Pools
from .read_alerts import ReadAlerts
from .record_deal import RecordDeal
from .register_customer import RegisterCustomer
from .release_alerts import ReleaseAlerts
from .release_customer import ReleaseCustomer
from .request_extension import RequestExtension
from .transfer_customer import TransferCustomer
from .unlock_customer import UnlockCustomer
from .viewer import Viewer


def gql(q: str) -> str:
    return q


class Operations(Base):
    async def alerts(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        unread_only: Union[Optional[bool], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Alerts:
        query = gql("""
            query Alerts($first: Int = 20, $after: Cursor, $unreadOnly: Boolean = false) {
              viewer {
                id
                alerts(first: $first, after: $after, unreadOnly: $unreadOnly) {
                  unread
                  feedCursor
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...Notice
                  }
                }
              }
            }

            fragment Notice on Alert {
              cursor
              kind
              at
              read
              message
              reason
              releaseAt
              count
              customer {
                id
                name
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "unreadOnly": unread_only,
        }
        response = await self.execute(
            query=query, operation_name="Alerts", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Alerts.model_validate(data)

    async def read_alerts(self, up_to: str, **kwargs: Any) -> ReadAlerts:
        query = gql("""
            mutation ReadAlerts($upTo: Cursor!) {
              readAlerts(upTo: $upTo) {
                id
              }
            }
            """)
        variables: dict[str, object] = {"upTo": up_to}
        response = await self.execute(
            query=query, operation_name="ReadAlerts", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ReadAlerts.model_validate(data)

    async def release_alerts(
        self, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> AsyncIterator[ReleaseAlerts]:
        query = gql("""
            subscription ReleaseAlerts($after: Cursor) {
              releaseAlerts(after: $after) {
                ...Notice
              }
            }

            fragment Notice on Alert {
              cursor
              kind
              at
              read
              message
              reason
              releaseAt
              count
              customer {
                id
                name
              }
            }
            """)
        variables: dict[str, object] = {"after": after}
        async for data in self.execute_ws(
            query=query, operation_name="ReleaseAlerts", variables=variables, **kwargs
        ):
            yield ReleaseAlerts.model_validate(data)

    async def viewer(self, **kwargs: Any) -> Viewer:
        query = gql("""
            query Viewer {
              viewer {
                id
                name
                email
                role
                privatePool {
                  held
                  capacity
                  available
                  claimedToday
                }
              }
            }
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query, operation_name="Viewer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Viewer.model_validate(data)

    async def my_customers(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        order_by: Union[Optional[HeldOrder], UnsetType] = UNSET,
        search: Union[Optional[str], UnsetType] = UNSET,
        pool_id: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> MyCustomers:
        query = gql("""
            query MyCustomers($first: Int = 20, $after: Cursor, $orderBy: HeldOrder = RELEASE_SOONEST, $search: String, $poolId: ID) {
              viewer {
                id
                privatePool(poolId: $poolId) {
                  held
                  capacity
                  customers(first: $first, after: $after, orderBy: $orderBy, search: $search) {
                    totalCount
                    pageInfo {
                      hasNextPage
                      endCursor
                    }
                    nodes {
                      ...Standing
                    }
                  }
                }
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "orderBy": order_by,
            "search": search,
            "poolId": pool_id,
        }
        response = await self.execute(
            query=query, operation_name="MyCustomers", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return MyCustomers.model_validate(data)

    async def customer(self, id: str, **kwargs: Any) -> Customer:
        query = gql("""
            query Customer($id: ID!) {
              customer(id: $id) {
                ...Standing
                claimable {
                  __typename
                  ... on Claimable {
                    releaseAt
                  }
                  ... on Refusal {
                    message
                  }
                  ... on CapacityReached {
                    held
                    capacity
                  }
                  ... on DailyLimitReached {
                    limit
                    resetsAt
                  }
                  ... on CoolingDown {
                    until
                  }
                  ... on NotYetOpen {
                    opensAt
                  }
                }
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="Customer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Customer.model_validate(data)

    async def customer_history(
        self,
        id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> CustomerHistory:
        query = gql("""
            query CustomerHistory($id: ID!, $first: Int = 20, $after: Cursor) {
              customer(id: $id) {
                id
                history(first: $first, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    id
                    action
                    at
                    reason
                    actor {
                      id
                      name
                    }
                    member {
                      id
                      name
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "first": first, "after": after}
        response = await self.execute(
            query=query, operation_name="CustomerHistory", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CustomerHistory.model_validate(data)

    async def log_follow_up(
        self,
        customer_id: str,
        kind: FollowUpKind,
        note: str,
        idempotency_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> LogFollowUp:
        query = gql("""
            mutation LogFollowUp($customerId: ID!, $kind: FollowUpKind!, $note: String!, $idempotencyKey: String) {
              logFollowUp(
                customerId: $customerId
                kind: $kind
                note: $note
                idempotencyKey: $idempotencyKey
              ) {
                ...Hold
              }
            }

            fragment Hold on HoldResult {
              __typename
              ... on Held {
                customer {
                  ...Standing
                }
              }
              ... on Refusal {
                message
              }
              ... on LockLimitReached {
                limit
              }
              ... on InvalidInput {
                problems {
                  path
                  message
                }
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "customerId": customer_id,
            "kind": kind,
            "note": note,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query, operation_name="LogFollowUp", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return LogFollowUp.model_validate(data)

    async def record_deal(
        self,
        customer_id: str,
        amount: Decimal,
        idempotency_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> RecordDeal:
        query = gql("""
            mutation RecordDeal($customerId: ID!, $amount: Decimal!, $idempotencyKey: String) {
              recordDeal(
                customerId: $customerId
                amount: $amount
                idempotencyKey: $idempotencyKey
              ) {
                ...Hold
              }
            }

            fragment Hold on HoldResult {
              __typename
              ... on Held {
                customer {
                  ...Standing
                }
              }
              ... on Refusal {
                message
              }
              ... on LockLimitReached {
                limit
              }
              ... on InvalidInput {
                problems {
                  path
                  message
                }
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "customerId": customer_id,
            "amount": amount,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query, operation_name="RecordDeal", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RecordDeal.model_validate(data)

    async def lock_customer(self, customer_id: str, **kwargs: Any) -> LockCustomer:
        query = gql("""
            mutation LockCustomer($customerId: ID!) {
              lockCustomer(customerId: $customerId) {
                ...Hold
              }
            }

            fragment Hold on HoldResult {
              __typename
              ... on Held {
                customer {
                  ...Standing
                }
              }
              ... on Refusal {
                message
              }
              ... on LockLimitReached {
                limit
              }
              ... on InvalidInput {
                problems {
                  path
                  message
                }
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {"customerId": customer_id}
        response = await self.execute(
            query=query, operation_name="LockCustomer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return LockCustomer.model_validate(data)

    async def unlock_customer(self, customer_id: str, **kwargs: Any) -> UnlockCustomer:
        query = gql("""
            mutation UnlockCustomer($customerId: ID!) {
              unlockCustomer(customerId: $customerId) {
                ...Hold
              }
            }

            fragment Hold on HoldResult {
              __typename
              ... on Held {
                customer {
                  ...Standing
                }
              }
              ... on Refusal {
                message
              }
              ... on LockLimitReached {
                limit
              }
              ... on InvalidInput {
                problems {
                  path
                  message
                }
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {"customerId": customer_id}
        response = await self.execute(
            query=query, operation_name="UnlockCustomer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return UnlockCustomer.model_validate(data)

    async def request_extension(
        self, customer_id: str, by: str, reason: str, **kwargs: Any
    ) -> RequestExtension:
        query = gql("""
            mutation RequestExtension($customerId: ID!, $by: Duration!, $reason: String!) {
              requestExtension(customerId: $customerId, by: $by, reason: $reason) {
                __typename
                ... on Extension {
                  id
                  by
                  status
                }
                ... on Refusal {
                  message
                }
                ... on InvalidInput {
                  problems {
                    path
                    message
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "customerId": customer_id,
            "by": by,
            "reason": reason,
        }
        response = await self.execute(
            query=query,
            operation_name="RequestExtension",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return RequestExtension.model_validate(data)

    async def claim_customer(
        self,
        customer_id: str,
        idempotency_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ClaimCustomer:
        query = gql("""
            mutation ClaimCustomer($customerId: ID!, $idempotencyKey: String) {
              claimCustomer(customerId: $customerId, idempotencyKey: $idempotencyKey) {
                ...Claim
              }
            }

            fragment Claim on ClaimResult {
              __typename
              ... on Claimed {
                customer {
                  ...Standing
                }
              }
              ... on Refusal {
                message
              }
              ... on CapacityReached {
                held
                capacity
              }
              ... on DailyLimitReached {
                limit
                resetsAt
              }
              ... on CoolingDown {
                until
              }
              ... on NotYetOpen {
                opensAt
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "customerId": customer_id,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query, operation_name="ClaimCustomer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ClaimCustomer.model_validate(data)

    async def claim_customers(
        self,
        customer_ids: list[str],
        idempotency_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ClaimCustomers:
        query = gql("""
            mutation ClaimCustomers($customerIds: [ID!]!, $idempotencyKey: String) {
              claimCustomers(customerIds: $customerIds, idempotencyKey: $idempotencyKey) {
                ...Claim
              }
            }

            fragment Claim on ClaimResult {
              __typename
              ... on Claimed {
                customer {
                  ...Standing
                }
              }
              ... on Refusal {
                message
              }
              ... on CapacityReached {
                held
                capacity
              }
              ... on DailyLimitReached {
                limit
                resetsAt
              }
              ... on CoolingDown {
                until
              }
              ... on NotYetOpen {
                opensAt
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "customerIds": customer_ids,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query, operation_name="ClaimCustomers", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ClaimCustomers.model_validate(data)

    async def assign_customer(
        self,
        customer_id: str,
        member_id: str,
        idempotency_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> AssignCustomer:
        query = gql("""
            mutation AssignCustomer($customerId: ID!, $memberId: ID!, $idempotencyKey: String) {
              assignCustomer(
                customerId: $customerId
                memberId: $memberId
                idempotencyKey: $idempotencyKey
              ) {
                ...Claim
              }
            }

            fragment Claim on ClaimResult {
              __typename
              ... on Claimed {
                customer {
                  ...Standing
                }
              }
              ... on Refusal {
                message
              }
              ... on CapacityReached {
                held
                capacity
              }
              ... on DailyLimitReached {
                limit
                resetsAt
              }
              ... on CoolingDown {
                until
              }
              ... on NotYetOpen {
                opensAt
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "customerId": customer_id,
            "memberId": member_id,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query, operation_name="AssignCustomer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return AssignCustomer.model_validate(data)

    async def transfer_customer(
        self,
        customer_id: str,
        member_id: str,
        idempotency_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> TransferCustomer:
        query = gql("""
            mutation TransferCustomer($customerId: ID!, $memberId: ID!, $idempotencyKey: String) {
              transferCustomer(
                customerId: $customerId
                memberId: $memberId
                idempotencyKey: $idempotencyKey
              ) {
                ...Claim
              }
            }

            fragment Claim on ClaimResult {
              __typename
              ... on Claimed {
                customer {
                  ...Standing
                }
              }
              ... on Refusal {
                message
              }
              ... on CapacityReached {
                held
                capacity
              }
              ... on DailyLimitReached {
                limit
                resetsAt
              }
              ... on CoolingDown {
                until
              }
              ... on NotYetOpen {
                opensAt
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "customerId": customer_id,
            "memberId": member_id,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query,
            operation_name="TransferCustomer",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return TransferCustomer.model_validate(data)

    async def release_customer(
        self,
        customer_id: str,
        reason: str,
        idempotency_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ReleaseCustomer:
        query = gql("""
            mutation ReleaseCustomer($customerId: ID!, $reason: String!, $idempotencyKey: String) {
              releaseCustomer(
                customerId: $customerId
                reason: $reason
                idempotencyKey: $idempotencyKey
              ) {
                __typename
                ... on Released {
                  customer {
                    ...Standing
                  }
                }
                ... on Refusal {
                  message
                }
                ... on InvalidInput {
                  problems {
                    path
                    message
                  }
                }
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "customerId": customer_id,
            "reason": reason,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query, operation_name="ReleaseCustomer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ReleaseCustomer.model_validate(data)

    async def pools(self, **kwargs: Any) -> Pools:
        query = gql("""
            query Pools {
              pools {
                id
                name
              }
            }
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query, operation_name="Pools", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Pools.model_validate(data)

    async def pool_customers(
        self,
        pool_id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        order_by: Union[Optional[PoolOrder], UnsetType] = UNSET,
        search: Union[Optional[str], UnsetType] = UNSET,
        level: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> PoolCustomers:
        query = gql("""
            query PoolCustomers($poolId: ID!, $first: Int = 20, $after: Cursor, $orderBy: PoolOrder = OPENED_LATEST, $search: String, $level: String) {
              pool(id: $poolId) {
                id
                customers(
                  first: $first
                  after: $after
                  orderBy: $orderBy
                  search: $search
                  level: $level
                ) {
                  totalCount
                  feedCursor
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...Standing
                    openedAt
                  }
                }
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "poolId": pool_id,
            "first": first,
            "after": after,
            "orderBy": order_by,
            "search": search,
            "level": level,
        }
        response = await self.execute(
            query=query, operation_name="PoolCustomers", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return PoolCustomers.model_validate(data)

    async def pool_changes(
        self,
        pool_id: str,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> AsyncIterator[PoolChanges]:
        query = gql("""
            subscription PoolChanges($poolId: ID!, $after: Cursor) {
              poolChanges(poolId: $poolId, after: $after) {
                cursor
                kind
                at
                customer {
                  id
                  name
                }
              }
            }
            """)
        variables: dict[str, object] = {"poolId": pool_id, "after": after}
        async for data in self.execute_ws(
            query=query, operation_name="PoolChanges", variables=variables, **kwargs
        ):
            yield PoolChanges.model_validate(data)

    async def duplicates(self, customer: CustomerInput, **kwargs: Any) -> Duplicates:
        query = gql("""
            query Duplicates($customer: CustomerInput!) {
              duplicates(customer: $customer) {
                ...Alike
              }
            }

            fragment Alike on Duplicate {
              matchedOn
              formerly
              refuses
              standing
              customer {
                id
                name
              }
            }
            """)
        variables: dict[str, object] = {"customer": customer}
        response = await self.execute(
            query=query, operation_name="Duplicates", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Duplicates.model_validate(data)

    async def register_customer(
        self,
        customer: CustomerInput,
        pool_id: str,
        idempotency_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> RegisterCustomer:
        query = gql("""
            mutation RegisterCustomer($customer: CustomerInput!, $poolId: ID!, $idempotencyKey: String) {
              registerCustomer(
                customer: $customer
                poolId: $poolId
                idempotencyKey: $idempotencyKey
              ) {
                __typename
                ... on Claimed {
                  customer {
                    ...Standing
                  }
                }
                ... on Refusal {
                  message
                }
                ... on DuplicateFound {
                  duplicates {
                    ...Alike
                  }
                }
                ... on CoolingDown {
                  until
                }
                ... on TooManyLookups {
                  resetsAt
                }
                ... on CapacityReached {
                  held
                  capacity
                }
                ... on InvalidInput {
                  problems {
                    path
                    message
                  }
                }
              }
            }

            fragment Alike on Duplicate {
              matchedOn
              formerly
              refuses
              standing
              customer {
                id
                name
              }
            }

            fragment Release on ReleaseForecast {
              at
              reason
              conditions {
                reason
                at
                remedy
              }
            }

            fragment Standing on Customer {
              __typename
              id
              name
              level
              pool {
                id
                name
              }
              owner {
                id
                name
              }
              contact {
                person
                phone
                email
                masked
              }
              holding {
                since
                followedUpAt
                wonAt
                dealReportedAt
                locked
                remindAt
                release {
                  ...Release
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "customer": customer,
            "poolId": pool_id,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query,
            operation_name="RegisterCustomer",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return RegisterCustomer.model_validate(data)
