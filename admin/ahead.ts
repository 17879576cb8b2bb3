/**
 * A script of its own, small and first, in the page of a browser that has a session (see adminFiles.ts): asks what the app
 * will ask, while the app is still on its way.
 */
import { doorOf } from "./door";
import { MY_TASKS, SESSION, WHO } from "./firstQueries";
import { sendAhead } from "./post";

if (!doorOf(location.hash)) {
  sendAhead(WHO);
  sendAhead(SESSION);
  if (["", "#", "#/"].includes(location.hash)) sendAhead(MY_TASKS, { after: null });
}
