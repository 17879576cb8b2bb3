/** Circles of people that many definitions name, so that a school's wording of them stands once. */
import { field, role, type Rule } from "../../definition";

/** Who leads: they decide, debrief and look after safeguarding. */
export const leadership = [role("headteacher"), role("dsl"), role("deputyDsl"), role("seniorLeader")];
export const safeguarding = [role("dsl"), role("deputyDsl")];
export const office = [role("businessManager"), role("officeStaff")];
/** The headteacher decides; where they ask, benefit or are involved, the chair does (obligation 134). */
export const headOrChair = [role("headteacher"), role("chair"), role("viceChair")];
export const governors = [role("governor"), role("leadGovernor"), role("chair"), role("viceChair"), role("clerk")];

/**
 * A report is its reporter's own: whoever is named as one sees it, and passes for having said it. Those who take reports
 * from others may name them; what the system makes is nobody's.
 */
export const ownReport: Rule = {
  must: {
    any: [
      { eq: [field("reporter"), field("createdBy")] },
      { holds: [{ actor: true }, [...leadership, ...office, role("chair"), role("viceChair")]] },
      { empty: field("createdBy") },
    ],
  },
  refusal: "Name yourself here. Leadership and the office may report for somebody else.",
  field: "reporter",
  fields: ["reporter"],
  in: ["reported"],
  because: ["O78", "O104", "M9", "SM4.2"],
};
