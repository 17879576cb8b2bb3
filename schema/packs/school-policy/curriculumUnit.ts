/** What pupils are taught about safe use, by year, with the evidence that it was. */
import { field, recordType, role, setting } from "../../definition";
import { governors, leadership } from "./circles";

const teachers = [role("classTeacher"), ...leadership];

export default recordType({
  name: "curriculumUnit",
  plural: "curriculumUnits",
  label: "Lesson unit",
  pluralLabel: "Online safety in the curriculum",
  icon: "book",
  group: "Training",
  help: "Safe use of technology and social media, year by year, with what was taught and how it went.",
  reference: "CUR-{year}-{n}",
  title: "Year {{ yearGroup }}: {{ topic }}",
  entries: { new: "planned" },
  because: ["O43", "O126", "M6", "SM5"],
  fields: {
    topic: { kind: "text", nameless: true, label: "Topic", required: true, maxLength: 160, because: ["O43", "O126"] },
    yearGroup: { kind: "number", label: "Year group", required: true, min: 0, max: 13, because: ["O43"] },
    subject: {
      kind: "choice",
      label: "Taught in",
      required: true,
      options: [
        { value: "computing", label: "Computing" },
        { value: "pshe", label: "PSHE" },
        { value: "rse", label: "RSE" },
        { value: "citizenship", label: "Citizenship" },
        { value: "assembly", label: "Assembly" },
      ],
      because: ["O43", "O126", "M6", "SM5"],
    },
    buildsOn: { kind: "longText", label: "What it builds on, and leads to", because: ["O43"] },
    teacher: { kind: "person", label: "Teacher", required: true, default: { actor: true }, because: ["O43"] },
    teachBy: { kind: "date", label: "To be taught by", required: true, because: ["O43"] },
    taughtOn: { kind: "date", label: "Taught on", editable: false, because: ["O43", "O126"] },
    evidence: { kind: "longText", label: "What pupils learned", editable: false, because: ["O43", "O126"] },
    adviceCovered: {
      kind: "choices",
      label: "Advice covered",
      editable: false,
      options: [
        { value: "sharing", label: "Sharing details and location" },
        { value: "friends", label: "Known friends only" },
        { value: "meeting", label: "Never meeting alone" },
        { value: "passwords", label: "Passwords" },
        { value: "age", label: "Sites for their age" },
        { value: "block", label: "Blocking and reporting" },
        { value: "help", label: "Whom to tell, here and outside" },
      ],
      because: ["O128", "SM5"],
    },
  },
  states: {
    planned: { label: "Planned", rag: "amber", help: "Its teacher has the task." },
    taught: { label: "Taught", rag: "green", end: true, help: "What pupils learned is recorded." },
    dropped: { label: "Dropped", rag: "grey", end: true, help: "It was not taught, with a reason." },
  },
  actions: {
    record: {
      label: "Record that it was taught",
      from: ["planned"],
      to: "taught",
      who: [field("teacher"), ...leadership],
      form: ["taughtOn", "evidence", "adviceCovered"],
      required: ["taughtOn", "evidence"],
      defaults: { taughtOn: { today: true } },
      because: ["O43", "O126", "M6", "SM5"],
    },
    drop: {
      label: "Drop",
      from: ["planned"],
      to: "dropped",
      who: leadership,
      form: ["why"],
      asks: { why: { kind: "longText", label: "Why, and what takes its place", required: true } },
      required: ["why"],
      because: ["O43"],
    },
  },
  tasks: {
    teach: {
      label: "Teach {{ topic }} to year {{ yearGroup }}",
      opens: "planned",
      to: [field("teacher")],
      due: { field: "teachBy" },
      actions: ["record", "drop"],
      because: ["O43", "O126"],
    },
  },
  timers: {
    late: {
      label: "It should have been taught",
      anchor: field("teachBy"),
      steps: ["-P7D", "P1D"],
      repeat: setting("chaseEvery"),
      roll: "nextOpenDay",
      open: "school",
      while: ["planned"],
      late: "collapse",
      notice: { to: [field("teacher"), role("seniorLeader")], template: "due" },
      because: ["O43"],
    },
  },
  settings: {
    chaseEvery: {
      label: "A lesson not taught is asked after every",
      kind: "offset",
      value: "P2W",
      unit: "weeks",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O43"],
    },
  },
  notices: {
    due: {
      subject: "To be taught by {{ teachBy | date }}: {{ topic }}",
      body: "**{{ topic }}** for year {{ yearGroup }} is to be taught by {{ teachBy | date }}.\n\n[Record it]({{ url }})",
      because: ["O43"],
    },
  },
  grants: [
    { to: teachers, may: ["see", "create", "edit"], because: ["O43"] },
    { to: governors, may: ["see"], because: ["O43", "O126"] },
  ],
  views: {
    taught: {
      label: "Taught",
      columns: ["topic", "yearGroup", "subject", "taughtOn", "teacher"],
      where: { eq: [field("state"), "taught"] },
      sort: "-taughtOn",
      because: ["O43", "O126"],
    },
    planned: {
      label: "Planned",
      columns: ["topic", "yearGroup", "teachBy", "teacher"],
      where: { eq: [field("state"), "planned"] },
      sort: "teachBy",
    },
  },
  charts: { bySubject: { label: "Where is it taught?", by: "subject", because: ["O43", "O126"] } },
  form: [
    { label: "Unit", fields: ["topic", "yearGroup", "subject", "buildsOn", "teacher", "teachBy"] },
    { label: "Taught", fields: ["taughtOn", "evidence", "adviceCovered"] },
  ],
});
