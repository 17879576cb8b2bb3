/** The fixed icon set that definitions choose from. An unknown name is a plain sheet, so that no definition breaks a page. */
import type { SvgIconComponent } from "@mui/icons-material";
import Assignment from "@mui/icons-material/AssignmentOutlined";
import Book from "@mui/icons-material/MenuBookOutlined";
import Chart from "@mui/icons-material/BarChartOutlined";
import Calendar from "@mui/icons-material/CalendarMonthOutlined";
import Description from "@mui/icons-material/DescriptionOutlined";
import Devices from "@mui/icons-material/DevicesOutlined";
import Flag from "@mui/icons-material/FlagOutlined";
import Gavel from "@mui/icons-material/GavelOutlined";
import Handshake from "@mui/icons-material/HandshakeOutlined";
import Lock from "@mui/icons-material/LockOutlined";
import Menu from "@mui/icons-material/Menu";
import People from "@mui/icons-material/PeopleAltOutlined";
import Phone from "@mui/icons-material/PhoneIphoneOutlined";
import School from "@mui/icons-material/SchoolOutlined";
import Settings from "@mui/icons-material/SettingsOutlined";
import Shield from "@mui/icons-material/ShieldOutlined";
import Work from "@mui/icons-material/TaskAltOutlined";
import Warning from "@mui/icons-material/WarningAmberOutlined";
import type { icons } from "../schema/definition";

const pictures: Record<(typeof icons)[number], SvgIconComponent> = {
  assignment: Assignment,
  book: Book,
  calendar: Calendar,
  chart: Chart,
  document: Description,
  devices: Devices,
  flag: Flag,
  decision: Gavel,
  agreement: Handshake,
  lock: Lock,
  menu: Menu,
  people: People,
  phone: Phone,
  school: School,
  settings: Settings,
  shield: Shield,
  work: Work,
  warning: Warning,
};

export function Icon({ name }: { name: string | undefined }) {
  const Chosen = pictures[name as (typeof icons)[number]] ?? Description;
  return <Chosen className="icon" aria-hidden="true" fontSize="small" />;
}
