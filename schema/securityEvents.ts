/** What the security log may say happened: a closed list, each kind with its label. */
export const securityEvents = {
  signedIn: "Signed in",
  signInFailed: "Sign-in failed",
  signInHeld: "Sign-in held back after failed attempts",
  signedOut: "Signed out",
  passwordForgotten: "Forgotten password: link asked for",
  passwordChosen: "Password chosen by a link",
  passwordChanged: "Password changed",
  linkMade: "Sign-in link made",
  tokenMade: "API token made",
  tokenRevoked: "API token revoked",
  personEntered: "Person entered",
  nameChanged: "Name changed",
  addressChanged: "Email address changed",
  personLeft: "Marked as leaver",
  personReturned: "Came back",
  roleGiven: "Role given",
  roleEnded: "Role ended",
  relationSet: "Relation changed",
  absenceSet: "Stand-in named",
  peopleImported: "List of people imported",
  definitionPublished: "Definition published",
  settingChanged: "Figure changed",
  goLiveChanged: "Day to go live changed",
  delayChanged: "Delay of requests changed",
  schoolFounded: "School founded",
  deviceShared: "Shared device set up",
  deviceRevoked: "Shared device revoked",
  powerAsked: "Request made",
  powerConfirmed: "Request confirmed",
  powerTookEffect: "Request took effect unanswered",
  powerStopped: "Request stopped",
  powerFailed: "Request could not be carried out",
} as const;

export type SecurityEventKind = keyof typeof securityEvents;

export const isSecurityEvent = (kind: string): kind is SecurityEventKind => Object.hasOwn(securityEvents, kind);

/** Who did it. `nobody`: somebody who has not shown who they are. */
export type SecurityActor =
  | { kind: "person"; id: string }
  | { kind: "token"; id: string; via: string }
  | { kind: "guest" | "device"; id: string }
  | { kind: "cli" | "system" | "nobody" };
