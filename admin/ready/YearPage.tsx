/** A new school year: its terms, the staff's list with those who leave, and the registers that the school's system fills. */
import { Link } from "react-router-dom";
import { useCreatable } from "../Frame";
import { t } from "../i18n/t";
import { Page } from "../Page";
import { PeopleFile } from "../people/PeopleFile";
import { useSession } from "../session";
import { inSentence } from "../words";

/** The next first of September, or this one while it is September. */
export function yearStart(today: string): string {
  const year = Number(today.slice(0, 4)) + (today.slice(5) >= "10-01" ? 1 : 0);
  return `${year}-09-01`;
}

export default function YearPage() {
  const { me } = useSession();
  const rolls = useCreatable().filter(({ roll }) => roll !== undefined);
  return (
    <Page
      wide
      title={t`A new school year`}
      above={
        <p className="crumb">
          <Link to="/ready">{t`Getting ready`}</Link>
        </p>
      }
      below={
        <p className="quiet">{t`Do it in summer or in September, in any order, and more than once: what has been done is not done again.`}</p>
      }
    >
      <section aria-labelledby="year-terms">
        <h2 id="year-terms">{t`Its terms`}</h2>
        <p>
          <Link to="/terms">{t`Enter the terms, INSET days and holidays of the new year`}</Link>.{" "}
          {t`Every clock that counts school days follows.`}
        </p>
      </section>
      {rolls.length > 0 && (
        <section aria-labelledby="year-rolls">
          <h2 id="year-rolls">{t`Who moves up`}</h2>
          <p className="quiet">{t`The same file as last year with the new classes: you see who is new, who is changed in what, and who is not in the file. Whether these have left is for you to choose, for each of them; what is still open with them stands beside.`}</p>
          <ul className="plain-links">
            {rolls.map((type) => (
              <li key={type.name}>
                <Link to={`/${type.plural}/import`}>{t`Import the list of ${inSentence(type.pluralLabel)}`}</Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="year-staff">
        <h2 id="year-staff">{t`The staff`}</h2>
        <p className="quiet">{t`The whole list, as it will be: who is in it and not known joins, who is known and not in it leaves on the day before, and roles follow.`}</p>
      </section>
      <PeopleFile year from={yearStart(me.today)} />
    </Page>
  );
}
