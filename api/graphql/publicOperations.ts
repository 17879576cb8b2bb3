/**
 * What may be asked without signing in; of a shared device each asks the device. Everything else is refused before it
 * runs, so a new operation starts closed.
 */
export const publicOperations: ReadonlySet<string> = new Set([
  ...["me", "signIn", "signOut", "signInLink", "choosePassword", "forgottenPassword"],
  ...["founding", "foundSchool", "letterhead"],
  ...["sharedDevice", "namesOnDevice", "nameOnDevice", "stillThere", "leaveDevice"],
  ...["guestPage", "answerAsGuest"],
  ...["reportForms", "reportChoices", "reportOnDevice"],
]);

/** Guessing must cost a request each: these stand alone in their operation, and cost more than their fields say. */
export const aloneOperations: ReadonlySet<string> = new Set([
  "signIn",
  "nameOnDevice",
  "signInLink",
  "choosePassword",
  "forgottenPassword",
  "changePassword",
  "foundSchool",
]);

/** Of one of these, as `cost.ts` counts: hashing keeps a processor busy for as long as some reads of a thousand rows. */
export const ALONE_COST = 5_000;
