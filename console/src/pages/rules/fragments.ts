import { graphql } from "../../gql";

export const RulesFields = graphql(`
  fragment RulesFields on Pool {
    id name rulesVersion
    rules {
      capacity wonCount dailyClaimLimit newCustomerLock reclaimCooldown
      firstFollowUpWithin followUpWithin dealWithin maxHold
      dealExempts wonFor dealApproval reminders workingDays absenceStopsClock grace lockLimit extensionLimit masked
      releaseTo escalateBefore
      capacities { capacity member { id name } department { id name } }
      distribution {
        strategy quota after members { id name } departments { id name }
      }
      levels { level firstFollowUpWithin followUpWithin dealWithin maxHold }
    }
  }
`);
