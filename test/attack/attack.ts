/** Sends what is hostile to every place of the schema, as several people, and says what was not refused as it should be. */
import { Writable } from "node:stream";
import { wholeSchema } from "../../api/graphql/recordSchema";
import { staticSchema } from "../../api/graphql/staticSchema";
import { openLog } from "../../api/logging";
import { tableName } from "../../api/store/recordTable";
import { type Asker, newSchoolApi, type SchoolApi } from "../graphql/schoolApi";
import { type Hostile, hostileAt } from "./hostile";
import { type IdOf, type Place, placesOf } from "./places";

/** Nobody, whoever may least, and whoever may most: what the last may do is looked at for harm alone. */
const askers = ["nobody", "Rosa Postling", "Harriet Stowting"] as const;
type Who = (typeof askers)[number];

export interface Shot {
  place: Place;
  hostile: Hostile;
  who: Who;
}

export interface Attack {
  shots: Shot[];
  /** @returns what is wrong with the answer, empty where nothing is. */
  fire(shot: Shot): Promise<string>;
  /** @returns what is wrong with the school after the attack: others are answered, email leaves, nothing was put aside. */
  aftermath(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openAttack(): Promise<Attack> {
  let logged = "";
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged = chunk.toString().slice(0, 1_500);
      done();
    },
  });
  const school = await newSchoolApi({ demo: false, log: openLog("error", to) });
  const schema = wholeSchema(staticSchema(), school.school.world.registry);
  const places = placesOf(schema, await ids(school));
  const shots = places.flatMap((place) =>
    hostileAt(place).flatMap((hostile) => askers.map((who) => ({ place, hostile, who }))),
  );
  const as = new Map<Who, Asker>([["nobody", school.anybody]]);
  const ask = async (who: Who): Promise<Asker> => {
    const known = as.get(who) ?? (await school.as(who));
    as.set(who, known);
    return known;
  };
  return {
    shots,
    async fire({ place, hostile, who }) {
      const answer = await (await ask(who))(place.query, place.with(hostile.value));
      const [error] = answer.errors;
      const code = error?.extensions.code ?? (answer.status === 200 ? "" : `HTTP ${answer.status}`);
      // Signing out is one of the operations: the next shot signs in again.
      if (code === "UNAUTHENTICATED") as.delete(who);
      as.set("nobody", school.anybody);
      if (code === "INTERNAL" || code === "UNAVAILABLE" || answer.status >= 500) return `${code}: ${logged}`;
      // A body that is too large, or too deep, is refused before it is read.
      if (answer.status === 413 || code === "HTTP 400") return hostile.beyond ? "" : "was taken for too large";
      if (!hostile.beyond || code === "UNAUTHENTICATED" || code === "TOO_COMPLEX") return "";
      if (code !== "INVALID_INPUT") return `is ${code || "taken"}, not INVALID_INPUT`;
      const paths = error?.extensions.problems?.map(({ path }) => path) ?? [];
      return paths.some((path) => path.startsWith(place.argument))
        ? ""
        : `is refused at ${paths.join(", ") || "no path"}`;
    },
    aftermath: () => aftermath(school),
    close: () => school.close(),
  };
}

/** For an argument: a record of the type that its field is named after, else a person. */
async function ids(school: SchoolApi): Promise<IdOf> {
  const person = school.school.personId("Hugo Stelling");
  const known = new Map<string, string>();
  for (const name of school.school.world.registry.types.keys()) {
    const [row] = await school.school.world.db.queryText(`SELECT id FROM ${tableName(name)} LIMIT 1`);
    if (row) known.set(name.toLowerCase(), String(row["id"]));
  }
  const longestFirst = [...known].sort(([a], [b]) => b.length - a.length);
  return (field, argument) => {
    if (argument !== "id" && argument !== "record") return person;
    const name = field.toLowerCase();
    return longestFirst.find(([type]) => name === type || name.endsWith(type))?.[1] ?? person;
  };
}

const REPORT = "mutation M($input: CreateIncidentInput!) { createIncident(input: $input) { id } }";

async function aftermath(api: SchoolApi): Promise<string[]> {
  const { school, anybody } = api;
  const wrong: string[] = [];
  const other = await api.as("Zoe King");
  const { errors } = await other("{ me { roles } policies { totalCount } }");
  if (errors.length) wrong.push(`The head is answered ${errors[0]?.message}`);
  if ((await anybody("{ letterhead { name } }")).errors.length) wrong.push("Nobody reads the letterhead.");
  const reporter = await api.as("Tomas Elmstead");
  const reported = await reporter(REPORT, {
    input: { about: "pupil", summary: "After the attack", images: false, atRisk: true },
  });
  const id = (reported.data["createIncident"] as { id: string } | null)?.id ?? "";
  if (!id) wrong.push(`An incident cannot be reported: ${reported.text.slice(0, 300)}`);
  const now = Date.parse(await school.clock.now());
  await school.clock.to(new Date(now + 3 * 86_400_000).toISOString());
  const mails = await school.query(
    "SELECT m.state FROM notice n JOIN mail m ON m.id = n.mail WHERE n.record = ? AND m.urgent = 1",
    [id],
  );
  // The demo keeps what would leave.
  if (!mails.some((mail) => mail["state"] === "kept")) wrong.push("Nobody got an email of a child at risk.");
  for (const row of await school.query("SELECT kind, subject, cause FROM fault WHERE open = 1"))
    wrong.push(`Put aside: ${["kind", "subject", "cause"].map((column) => String(row[column])).join(" ")}`);
  const [waiting] = await school.query(
    "SELECT COUNT(*) AS n FROM mail WHERE state NOT IN ('sent', 'kept', 'replaced')",
  );
  const n = Number(waiting?.["n"]);
  if (n > 0) wrong.push(`${n} emails did not leave.`);
  return wrong;
}

export const told = ({ place, hostile, who }: Shot, wrong: string): string =>
  `${place.name}: ${hostile.kind}, by ${who}, ${wrong}`;
