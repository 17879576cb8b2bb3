/** Which errors are the database's own: they say nothing about the record or definition at hand. */
import { Restart } from "./database";

/** Server errors: deadlock, lock wait, limits of connections, memory, disk and time, shutdown, read-only, failover. */
const serverErrors = new Set([
  1015, 1020, 1021, 1023, 1026, 1028, 1030, 1037, 1038, 1040, 1041, 1047, 1053, 1077, 1079, 1114, 1129, 1158, 1159,
  1160, 1161, 1180, 1184, 1194, 1195, 1203, 1205, 1213, 1226, 1290, 1317, 1429, 1637, 1689, 1792, 1836, 1842, 1927,
  1928, 1969, 3024, 3168, 4031,
]);
/** Of the operating system and of the driver. */
const clientErrors = /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ENOSPC|PROTOCOL_|POOL_)/;

/** Connection lost, deadlock, lock wait, server full, read-only or going down: whatever failed may be tried again as it is. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof Restart) return true;
  if (!(error instanceof Error)) return false;
  const { errno, code, fatal } = error as Error & { errno?: unknown; code?: unknown; fatal?: unknown };
  if (fatal === true) return true;
  if (typeof errno === "number" && serverErrors.has(errno)) return true;
  if (typeof code === "string" && clientErrors.test(code)) return true;
  // mysql2 gives these two no code.
  return /^(Pool is closed|Can't add new command when connection is in closed state)/.test(error.message);
}
