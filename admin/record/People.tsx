import { Link } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { t } from "../i18n/t";
import type { PersonRef, RecordDetail } from "../provider";
import { Names } from "./Names";

/** Who stands where in this record, who is told when clocks fire, and who may never see it. */
export function People({ type, record }: { type: RecordType; record: RecordDetail }) {
  const named = Object.entries(type.fields).flatMap(([name, field]) => {
    if (field.kind !== "person" && field.kind !== "people") return [];
    const value = record.values[name];
    const people = (Array.isArray(value) ? value : value ? [value] : []) as PersonRef[];
    const barred = type.bars?.includes(name) === true;
    // Those without a bar stand in the form beside this; here is who acts, who is told, and who is kept out.
    return people.length > 0 && barred ? [{ name, label: field.label, people }] : [];
  });
  const doing = distinct(record.tasks.filter(({ state }) => state === "open").flatMap(({ holders }) => holders));
  const told = distinct(
    record.timers.filter(({ state }) => state === "waiting").flatMap(({ recipients }) => recipients),
  );
  if (named.length + doing.length + told.length === 0) return null;
  return (
    <section aria-labelledby="people">
      <h2 id="people">{t`People`}</h2>
      <dl className="side-people">
        {named.map(({ name, label, people }) => (
          <div key={name}>
            <dt className="quiet">{t`${label}: may not see this record`}</dt>
            <dd>
              <Names people={people} />
            </dd>
          </div>
        ))}
        {doing.length > 0 && (
          <div>
            <dt className="quiet">{t`Has to act`}</dt>
            <dd>
              <Names people={doing} />
            </dd>
          </div>
        )}
        {told.length > 0 && (
          <div>
            <dt className="quiet">{t`Will be told`}</dt>
            <dd>
              <Names people={told} />
            </dd>
          </div>
        )}
        {record.createdBy && (
          <div>
            <dt className="quiet">{t`Created by`}</dt>
            <dd>
              <Link to={`/people/${record.createdBy.id}`}>{record.createdBy.name}</Link>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

const distinct = (people: PersonRef[]): PersonRef[] => [
  ...new Map(people.map((person) => [person.id, person])).values(),
];
