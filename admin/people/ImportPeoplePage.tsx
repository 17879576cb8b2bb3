import { Link } from "react-router-dom";
import { t } from "../i18n/t";
import { Page } from "../Page";
import { useSession } from "../session";
import { PeopleFile } from "./PeopleFile";

export default function ImportPeoplePage() {
  const { me } = useSession();
  return (
    <Page
      wide
      title={t`Bring people in`}
      above={
        <p className="crumb">
          <Link to="/people">{t`People`}</Link>
        </p>
      }
      below={
        <p className="quiet">{t`A CSV or Excel file from your school’s own system, whose first line holds the headings. You see what each row would do before anything is done, and the same file again changes nothing.`}</p>
      }
    >
      <PeopleFile year={false} from={me.today} />
    </Page>
  );
}
