/** An office with a mail server of its own. */
import { composeMails } from "../../api/engine/composeMails";
import { deliverMails } from "../../api/engine/deliverMails";
import { type MailTransport, smtpTransport } from "../../api/engine/mailTransport";
import { type MailServer, startMailServer } from "./mailServer";
import { newOffice, type Office } from "./office";

export interface MailOffice {
  server: MailServer;
  smtp: MailTransport;
  office: Office;
  /** Puts together what is due by then, and sends it. */
  send(at: string): Promise<void>;
  close(): Promise<void>;
}

export async function newMailOffice(settings: Record<string, string> = {}): Promise<MailOffice> {
  const server = await startMailServer();
  const smtp = smtpTransport(server.url);
  const office = await newOffice({ SMTP_URL: server.url, ...settings });
  return {
    server,
    smtp,
    office,
    async send(at) {
      await composeMails(office.world, at);
      await deliverMails(office.world, at, smtp);
    },
    async close() {
      smtp.close();
      await office.close();
      await server.close();
    },
  };
}
