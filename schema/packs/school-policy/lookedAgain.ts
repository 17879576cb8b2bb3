import { field, type Need } from "../../definition";

/** What "looked at again" needs, of a record with `checkedOn`: another day than the last, or today. */
export const lookedAgain = (...because: string[]): Need => ({
  must: {
    any: [{ ne: [{ form: "checkedOn" }, field("checkedOn")] }, { ge: [{ form: "checkedOn" }, { today: true }] }],
  },
  refusal: "That look is recorded already: give the day on which you looked this time.",
  because,
});
