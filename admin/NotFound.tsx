import { Link } from "react-router-dom";
import { t } from "./i18n/t";
import { Page } from "./Page";

export default function NotFound() {
  return (
    <Page title={t`There is nothing here`}>
      <p>{t`The page may have moved, or you may not see it.`}</p>
      <p>
        <Link to="/">{t`Go to My work`}</Link>
      </p>
    </Page>
  );
}
