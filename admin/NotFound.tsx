import { Link } from "react-router-dom";
import { Page } from "./Page";

export default function NotFound() {
  return (
    <Page title="There is nothing here">
      <p>The page may have moved, or you may not see it.</p>
      <p>
        <Link to="/">Go to My work</Link>
      </p>
    </Page>
  );
}
