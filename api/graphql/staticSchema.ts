/** The part of the API that does not depend on definitions, built once per process: runtime types share its instances. */
import "reflect-metadata";
import type { GraphQLSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { CalendarFeedResolver } from "./calendarFeed";
import { ChainResolver } from "./chain";
import { AbsenceResolver, AbsencesResolver } from "./absences";
import { ChartsResolver } from "./charts";
import { ClockResolver } from "./clock";
import { CopiesResolver } from "./copies";
import { DefinitionsResolver } from "./definitions";
import { DocumentResolver, DocumentText, RiskGrid, RiskGridInput } from "./documents";
import { Finding, FindingResolver } from "./findings";
import { DueResolver } from "./due";
import { FileInfo, FileInfoResolver } from "./files";
import { ActorResolver, History } from "./history";
import { GettingReadyResolver } from "./gettingReady";
import { GuestLinkResolver, GuestsResolver } from "./guests";
import { ImportsResolver } from "./imports";
import { LetterheadResolver } from "./letterhead";
import { MailSettingsResolver } from "./mailSettings";
import { ModelTextsResolver } from "./modelTexts";
import { MailResolver, NoticeConnectionResolver, NoticeResolver } from "./notices";
import { ObligationsResolver } from "./obligations";
import { OrganisationsResolver } from "./organisations";
import { AppointmentResolver, PeopleResolver, PersonResolver } from "./people";
import { OpenProblemResolver, OpenProblemsResolver } from "./problems";
import { PackClashesResolver } from "./packClashes";
import { PeopleImportResolver } from "./peopleImport";
import {
  ConfirmsResolver,
  PersonWaitingResolver,
  PowerRequestResolver,
  PowerResolver,
  SecurityEntryResolver,
} from "./power";
import { Advice, AvailableAction, Count, Permissions } from "./records";
import { MadeReportResolver, ReportsResolver } from "./reports";
import { RunningResolver } from "./running";
import { SavedViewsResolver } from "./savedViews";
import { SearchResolver } from "./search";
import { SealedResolver } from "./sealed";
import { SessionResolver } from "./session";
import { SheetsResolver } from "./sheets";
import { SharedDeviceResolver, SharedDeviceUseResolver, ThisDeviceResolver } from "./sharedDevices";
import { SettingsResolver } from "./settings";
import { TaskConnectionResolver, TaskResolver } from "./tasks";
import { TimerConnectionResolver, TimerResolver } from "./timers";
import { ViewConnection, ViewResolver } from "./views";

let built: GraphQLSchema | undefined;

export function staticSchema(): GraphQLSchema {
  built ??= buildSchemaSync({
    resolvers: [
      AbsenceResolver,
      AbsencesResolver,
      ActorResolver,
      AppointmentResolver,
      CalendarFeedResolver,
      ChainResolver,
      ChartsResolver,
      ClockResolver,
      CopiesResolver,
      DefinitionsResolver,
      DocumentResolver,
      DueResolver,
      FileInfoResolver,
      FindingResolver,
      GettingReadyResolver,
      GuestLinkResolver,
      GuestsResolver,
      ImportsResolver,
      LetterheadResolver,
      MailResolver,
      MadeReportResolver,
      MailSettingsResolver,
      ModelTextsResolver,
      NoticeConnectionResolver,
      NoticeResolver,
      ObligationsResolver,
      OpenProblemResolver,
      OpenProblemsResolver,
      OrganisationsResolver,
      PackClashesResolver,
      PeopleImportResolver,
      PeopleResolver,
      PersonResolver,
      PersonWaitingResolver,
      ConfirmsResolver,
      PowerRequestResolver,
      PowerResolver,
      SecurityEntryResolver,
      ReportsResolver,
      RunningResolver,
      SavedViewsResolver,
      SearchResolver,
      SealedResolver,
      SessionResolver,
      SettingsResolver,
      SheetsResolver,
      SharedDeviceResolver,
      SharedDeviceUseResolver,
      TaskConnectionResolver,
      TaskResolver,
      ThisDeviceResolver,
      TimerConnectionResolver,
      TimerResolver,
      ViewResolver,
    ],
    // Named by generated types only.
    orphanedTypes: [
      Advice,
      AvailableAction,
      Count,
      DocumentText,
      FileInfo,
      Finding,
      History,
      Permissions,
      RiskGrid,
      RiskGridInput,
      ViewConnection,
    ],
    validate: false,
  });
  return built;
}
