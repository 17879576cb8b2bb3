import type { AuthProvider } from "ra-core";
import type { Session } from "./provider";

/**
 * The session is a cookie the page cannot read; the shell has asked who is signed in before any of this loads. A
 * session that ends in mid-work is covered by the shell, so no failure logs anybody out from here.
 */
export const makeAuthProvider = (session: Session, signOut: () => Promise<void>): AuthProvider => ({
  login: () => Promise.resolve(),
  async logout() {
    await signOut();
    return false;
  },
  checkAuth: () => Promise.resolve(),
  checkError: () => Promise.resolve(),
  getIdentity: () => Promise.resolve({ id: session.me.person.id, fullName: session.me.person.name }),
  getPermissions: () => Promise.resolve(session.me.roles),
  canAccess({ action, resource }) {
    const type = session.types.find(({ plural }) => plural === resource);
    const access = session.me.types.find(({ name }) => name === type?.name);
    if (!type) return Promise.resolve(true);
    return Promise.resolve(
      action === "create" ? access?.create === true : action !== "delete" && access?.see !== false,
    );
  },
});
