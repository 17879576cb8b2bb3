/** Circles of people that many definitions name, so that a school's wording of them stands once. */
import { role } from "../../definition";

/** Who leads: they decide, debrief and look after safeguarding. */
export const leadership = [role("headteacher"), role("dsl"), role("deputyDsl"), role("seniorLeader")];
export const safeguarding = [role("dsl"), role("deputyDsl")];
export const office = [role("businessManager"), role("officeStaff")];
/** The headteacher decides; where they ask, benefit or are involved, the chair does (obligation 134). */
export const headOrChair = [role("headteacher"), role("chair"), role("viceChair")];
export const governors = [role("governor"), role("leadGovernor"), role("chair"), role("viceChair"), role("clerk")];
