/**
 * The roles the school's policies give duties to. Chair and vice chair hold `governor` as well, so that a quorum counts
 * one role. A line manager is a relation between two people, and outside bodies (LADO, police, exam body) have records of
 * their own: neither is appointed here. Those `outside` the staff are found by name only by who deals with families and
 * lets visitors in.
 */
import type { Role } from "../../definition";
import { administratorTour, governorTour, leaderTour, officeTour, outsideTour, staffTour } from "./tours";

export const roles: Role[] = [
  {
    name: "headteacher",
    confirms: true,
    label: "Headteacher",
    meetsOutside: true,
    tour: leaderTour,
    because: ["O22", "O33", "M3", "M5"],
  },
  {
    name: "dsl",
    label: "Designated safeguarding lead",
    meetsOutside: true,
    tour: leaderTour,
    because: ["O4", "O17", "M1", "SM1"],
  },
  {
    name: "deputyDsl",
    label: "Deputy designated safeguarding lead",
    meetsOutside: true,
    tour: leaderTour,
    because: ["O4", "M6.1"],
  },
  { name: "leadGovernor", label: "Lead governor for online safety", tour: governorTour, because: ["O5"] },
  { name: "governor", label: "Governor", tour: governorTour, because: ["O6"] },
  { name: "chair", label: "Chair of governors", tour: governorTour, because: ["O6", "O134"] },
  { name: "viceChair", label: "Vice chair of governors", tour: governorTour, because: ["O6"] },
  { name: "clerk", label: "Clerk to the governors", tour: governorTour, because: ["O6", "O7"] },
  { name: "seniorLeader", label: "Senior leader", meetsOutside: true, tour: leaderTour, because: ["O80", "M9", "SM7"] },
  { name: "businessManager", label: "School business manager", meetsOutside: true, tour: officeTour, because: ["O18"] },
  { name: "officeStaff", label: "Office staff", meetsOutside: true, tour: officeTour, because: ["O45", "M6"] },
  { name: "classTeacher", label: "Class teacher", meetsOutside: true, tour: staffTour, because: ["O45", "M6"] },
  { name: "authorisedSearcher", label: "Authorised to search", because: ["O64", "O65", "M6.1"] },
  { name: "staff", label: "Staff", tour: staffTour, because: ["O15", "M1", "SM1"] },
  { name: "volunteer", label: "Volunteer", tour: staffTour, because: ["O15", "O69", "M7"] },
  { name: "ptfaMember", label: "PTFA member", tour: outsideTour, because: ["O119", "SM-4off"] },
  {
    name: "parent",
    label: "Parent or carer",
    outside: true,
    tour: outsideTour,
    because: ["O15", "O51", "O132", "M6", "SM5"],
  },
  { name: "pupil", label: "Pupil", outside: true, tour: outsideTour, because: ["O15", "M1", "SM1"] },
  { name: "visitor", label: "Visitor", outside: true, tour: outsideTour, because: ["O67", "O70", "M7"] },
  { name: "regularVisitor", label: "Regular visitor", outside: true, tour: outsideTour, because: ["O69", "M7"] },
  { name: "contractor", label: "Contractor", outside: true, tour: outsideTour, because: ["O67", "O69", "M7"] },
  { name: "administrator", label: "Administrator", administers: true, tour: administratorTour, because: ["O18"] },
];
