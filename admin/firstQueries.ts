/** What a page that opens asks first: small, for it is sent while the rest of the page is still on its way. */
export const LETTERHEAD = "letterhead { name colour crest }";
export const THIS_DEVICE = "label organisation person secondsLeft today";

export const WHO = `query WhoAmI { me { person { id } } founding { founded } sharedDevice { ${THIS_DEVICE} } ${LETTERHEAD} }`;

export const SESSION = `query Session {
  me { person { id name email } organisation { id name } organisations { id name } roles administers confirms demo held now today
    types { name see create edit } }
  roles { name label }
  calendar { zone bankHolidays terms { name from to } closures { name from to kind } }
  settings { type name value }
  definitions { type version json }
}`;

export const TASK = `id type record recordTitle reference label help state openedAt dueOn dueInWords overdue unassigned because
  holders { id name } passed { from { id name } to { id name } away } actions { name label } closedAt closedBy { id name } closedWhy`;
export const PAGE_INFO = `pageInfo { hasNextPage endCursor }`;

export const MY_TASKS = `query MyTasks($after: String) { myTasks(first: 50, after: $after) { nodes { ${TASK} } ${PAGE_INFO} } }`;
