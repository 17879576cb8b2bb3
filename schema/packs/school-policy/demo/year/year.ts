/**
 * A year at the demo school, told from a seed number up to a day: the same two give the same year. Everything in it is
 * invented, and everything is replayed through the engine: this only says who did what, and when.
 */
import type { Move } from "../../../../script";
import type { DemoPerson } from "../people";
import { children, morePeople, starters } from "./cast";
import { askForAgreement } from "./agreements";
import { Diary } from "./diary";
import { askExceptions } from "./exceptions";
import { layGround } from "./groundwork";
import { tellIncidents } from "./incidents";
import { monitor } from "./monitoring";
import { holdMeetings, keepPolicies, meetings } from "./policies";
import { Random } from "./random";
import { keepRegisters } from "./registers";
import { runChannels } from "./social";

export interface Year {
  /** The first school day of it. */
  from: string;
  /** Beside those of the bare demo. */
  people: DemoPerson[];
  moves: Move[];
}

/** `today`: the school's date up to whose morning it is told. */
export function yearBefore(today: string, seed: number): Year {
  const random = new Random(seed);
  const diary = new Diary(
    `${Number(today.slice(0, 4)) - 1}${today.slice(4).replace("-02-29", "-02-28")}`,
    today,
    random,
  );
  const from = diary.day(0);
  const schoolYear = Number(from.slice(0, 4)) - (from.slice(5, 7) < "09" ? 1 : 0);
  const pupils = children(random, schoolYear);
  const evenings = meetings(diary);
  layGround(diary, pupils);
  askForAgreement(diary);
  keepRegisters(diary, pupils);
  tellIncidents(diary, pupils);
  askExceptions(diary, pupils);
  runChannels(diary, pupils);
  monitor(diary);
  keepPolicies(diary, evenings);
  holdMeetings(diary, evenings);
  return { from, people: [...morePeople, ...starters.map((starter) => starter.person)], moves: diary.moves() };
}
