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

/** Guessing must cost a request each: these stand alone in their operation. */
export const aloneOperations: ReadonlySet<string> = new Set([
  "signIn",
  "nameOnDevice",
  "signInLink",
  "choosePassword",
  "forgottenPassword",
  "changePassword",
  "foundSchool",
]);
