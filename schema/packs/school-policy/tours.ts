/** What people of each kind are shown first. A person with several roles is shown all that these say, each step once. */
import type { TourStep } from "../../definition";

const work: TourStep = {
  title: "Your work finds you",
  text: "What you have to do stands here under “Do now”, what is to come below it. A mail tells you when something new waits, and its link leads to the very page.",
};
const duties: TourStep = {
  title: "What the policies oblige",
  text: "Every duty of the two policies, what here keeps it, and the records that show it.",
  page: "obligations",
};
const report: TourStep = {
  title: "Report in a minute",
  text: "You saw a phone out, a picture that should not be there, or a message that worries you: “New” takes you to the report. What to do about it is for others.",
  page: "incidents",
};
const ask: TourStep = {
  title: "Ask before you use",
  text: "You need your own device, another area or another platform for a time: ask for an exception. You see here what becomes of it.",
  page: "exceptions",
};
const figures: TourStep = {
  title: "See it as figures",
  text: "How many stand where, what is late, and how it went over the months. Each chart can be read as a table.",
  page: "dashboard",
};
const away: TourStep = {
  title: "When you are away",
  text: "Say from when to when and who stands in. Their list shows your tasks until you are back.",
  page: "away",
};

export const staffTour = [work, report, ask, away];

export const leaderTour = [
  work,
  {
    title: "Decide and debrief",
    text: "Exceptions come to you with the risk assessed by somebody else; incidents come to a debrief and leave lessons. Why a button is closed to you is written beside it.",
    page: "debriefs",
  },
  figures,
  duties,
  away,
];

export const governorTour = [
  work,
  {
    title: "Read, then ratify",
    text: "A policy opens with what has changed since the version in force, additions in yellow. You ratify the very words that you read.",
    page: "policies",
  },
  figures,
  duties,
];

export const officeTour = [
  work,
  {
    title: "Registers at the side",
    text: "Devices, agreements, meetings, visitors: each list can be filtered, searched, filled from a sheet and saved as a sheet.",
    page: "schoolDevices",
  },
  {
    title: "Everything due, by day",
    text: "Term, month or year at one glance, also in your own calendar by a link.",
    page: "calendar",
  },
  duties,
  away,
];

export const administratorTour: TourStep[] = [
  {
    title: "Make it your school’s",
    text: "Terms, people, roles and policies, step by step. Nothing is mailed to anybody before the day that you set.",
    page: "ready",
  },
  {
    title: "Change days and figures",
    text: "How long before a review whom to remind, when mail may leave: change it here, and every clock that hangs on it moves.",
    page: "settings",
  },
];

export const outsideTour: TourStep[] = [
  {
    title: "What the school asks of you",
    text: "A text to agree to, terms to sign, something to confirm: it stands here. Nothing is sent before you press a button that says so.",
  },
];
