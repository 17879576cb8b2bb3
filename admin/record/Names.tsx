import { Link } from "react-router-dom";
import type { PersonRef } from "../provider";

export const Names = ({ people }: { people: PersonRef[] }) => (
  <ul className="reset">
    {people.map(({ id, name }) => (
      <li key={id}>
        <Link to={`/people/${id}`}>{name}</Link>
      </li>
    ))}
  </ul>
);
