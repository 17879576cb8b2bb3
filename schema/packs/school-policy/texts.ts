/**
 * Texts for people to agree to or to be told, in our own words: a school takes each as it stands or makes it its own, has
 * it ratified as a policy, and puts it before its audience. Each rule says whom it binds and which obligation it keeps.
 */
import type { Because, ModelText, TextSection } from "../../definition";

const section = (heading: string, audience: string, text: string, because: Because): TextSection => ({
  heading,
  audience,
  text,
  because,
});

const staff = "All staff, governors, volunteers and contractors";
const visitors = "Visitors, volunteers, contractors, and parents on site";
const pupils = "Pupils, with their parents and carers";
const managers = "Staff and PTFA members who run or write for an official channel";

const staffAup: ModelText = {
  name: "staffAup",
  title: "Acceptable use of technology: staff",
  sections: [
    section(
      "Your own phone and devices",
      staff,
      "Keep your own phone and devices locked away in the office or your cupboard during school time, silent or off, with Bluetooth and file sharing hidden. Do not use them in classrooms, on playgrounds, near toilets, changing rooms or the pool, or anywhere else where children are. In the staff room, in breaks, you may. In teaching time you need the headteacher's written permission first.",
      ["O21", "O32", "O91", "M3", "M5", "SM3"],
    ),
    section(
      "Your devices are your own risk",
      staff,
      "What you bring onto the site is your responsibility: the school does not pay for loss, theft or damage. Protect every device with a PIN or password. Keep nothing on it that is offensive, illegal or against our policies.",
      ["O19", "O20", "O24", "M3"],
    ),
    section(
      "Only the school's equipment with children",
      staff,
      "Take pictures and films of pupils, and work with them in lessons and activities, with the school's equipment only, and as the image use policy says.",
      ["O36", "O37", "M5"],
    ),
    section(
      "Only the school's lines with families",
      staff,
      "Do not ring, write to or message pupils or their families from your own phone or account. Use your work number and address. If you are related to or know a family already, tell the safeguarding lead or the headteacher, who will record what is agreed.",
      ["O34", "O35", "O38", "M5"],
    ),
    section(
      "Teaching from afar",
      staff,
      "Teach online with the school's equipment and accounts. If none is to be had, ask first: the headteacher may agree after a written risk assessment.",
      ["O26", "O39", "O40", "M4", "M5"],
    ),
    section(
      "Within the law and your role",
      staff,
      "Use technology lawfully, and as our policies on confidentiality, child protection, data security and conduct ask. Work on school devices may be monitored: the notice of monitoring says how.",
      ["O30", "O31", "M4", "M5"],
    ),
    section(
      "Say when something is wrong",
      staff,
      "Report every breach and worry at once, by the quick report. You may complain, and you may blow the whistle: both procedures are yours to use.",
      ["O78", "O83", "M9", "SM7"],
    ),
  ],
};

const codeOfConduct: ModelText = {
  name: "codeOfConduct",
  title: "Code of conduct: online and on social media",
  sections: [
    section(
      "The same standards online",
      staff,
      "Be kind, respectful and professional online as you are in school. Post nothing that threatens, hurts or defames anybody. Think before you post a word or a picture: does it fit your role?",
      ["O85", "O86", "O92", "O99", "SM-Gen", "SM3", "SM4.1"],
    ),
    section(
      "When you may use social media",
      staff,
      "For yourself, only in the staff room in breaks, or before and after school, when no children are there. Lock your phone when you put it down.",
      ["O91", "SM3"],
    ),
    section(
      "What you know from work stays at work",
      staff,
      "Share nothing on social media about pupils, their families or colleagues that you know through your work, and no pictures of them.",
      ["O100", "SM4.1"],
    ),
    section(
      "Pupils and families are not online friends",
      staff,
      "Do not write to pupils or their families from a personal account, and do not befriend present or past pupils or their families there. If one of them writes to you, report it. Contact after they have left goes through the school's own tools.",
      ["O102", "O103", "O104", "O106", "SM4.2"],
    ),
    section(
      "Look after yourself",
      staff,
      "Set your privacy high, be careful with your location, opt out of public listings, log out, use strong passwords, and make clear that you speak for yourself. Better not to name your employer. Tell leaders at once if something online conflicts with your role.",
      ["O97", "O98", "O101", "SM4.1"],
    ),
    section(
      "What may follow",
      staff,
      "Bringing the school or the profession into disrepute, or losing people's trust, can have civil, legal or disciplinary consequences.",
      ["O96", "SM4.1"],
    ),
  ],
};

const monitoringNotice: ModelText = {
  name: "monitoringNotice",
  title: "Notice: what we monitor, and why",
  sections: [
    section(
      "What may be looked at",
      "Everybody who uses the school's devices or network",
      "Activity on school devices and systems may be monitored to keep children safe and to see that our policies are kept. You are told before you first use one.",
      ["O30", "O76", "M4", "M8"],
    ),
    section(
      "How we check",
      "The whole school community",
      "By spot checks where children are, by an occasional look at browsing on school devices, by filtering that is tested and reviewed, and by talking about it in training.",
      ["O73", "O76", "O87", "M8", "SM-Gen", "SM6"],
    ),
  ],
};

const visitorAup: ModelText = {
  name: "visitorAup",
  title: "Phones and devices: visitors and volunteers",
  sections: [
    section(
      "Where you may use a phone",
      visitors,
      "Please do not use phones or devices where children are. You may in the staff room, in breaks. If your work here needs a device, speak with the headteacher first.",
      ["O21", "O67", "O70", "M3", "M7"],
    ),
    section(
      "If you are often here",
      visitors,
      "If you come regularly or stay long, you work under this agreement and our child protection policy, and we ask you to agree again each year. If you see something that worries you, tell the safeguarding lead or the headteacher.",
      ["O69", "O72", "O78", "M7", "M9"],
    ),
  ],
};

const pupilAup: ModelText = {
  name: "pupilAup",
  title: "Phones, devices and being online: pupils",
  sections: [
    section(
      "Your phone at school",
      pupils,
      "You do not use your phone at school. Switch it off when you come in, hand it to the office or your teacher, and switch it on again when you have left. That holds at discos, parties and trips too. In a lesson you use a device only when your teacher has planned it and says so.",
      ["O44", "O45", "O46", "M6"],
    ),
    section(
      "If you need to ring home",
      pupils,
      "Ask: you can use a school phone, and somebody stays with you. If you need a device for your health, your parents and the headteacher agree it in writing first.",
      ["O47", "O48", "O49", "M6"],
    ),
    section(
      "Social media",
      pupils,
      "Social media is not for school time, trips or events. The school makes no accounts for you on services you are too young for. Parents answer for what happens outside school, and we act where it harms somebody here.",
      ["O124", "O125", "O127", "SM5"],
    ),
    section(
      "Staying safe",
      pupils,
      "Think before you share anything about yourself. Accept only people you know. Never meet somebody from online alone. Use strong passwords and sites for your age. Know how to block and report, and tell somebody you trust.",
      ["O43", "O52", "O126", "O128", "M6", "SM5"],
    ),
    section(
      "In exams",
      pupils,
      "No phone or smart device goes into an exam. If one is found, the exam body must be told, and you may lose one exam or all of them.",
      ["O53", "M6"],
    ),
  ],
};

const socialMediaAup: ModelText = {
  name: "socialMediaAup",
  title: "Running the school's social media",
  sections: [
    section(
      "An official channel is official",
      managers,
      "Use only the account made for the channel, registered with a school address and for its approved aims. It runs under our policies on bullying, images, data protection, confidentiality and child protection.",
      ["O110", "O111", "O113", "SM-4off"],
    ),
    section(
      "Speaking for the school",
      managers,
      "You are an ambassador: be professional, fair and honest, and keep to the law on libel, copyright, data and equality. Say, promise and do nothing for the school that you have not been authorised to. Somebody else reads each post first, and consent is checked for each child in it.",
      ["O114", "O116", "O120", "O121", "SM-4off"],
    ),
    section(
      "No private messages",
      managers,
      "Do not exchange private or direct messages with present or past pupils or their families. Pass on criticism, bad content and contact from pupils to your line manager, the safeguarding lead or the headteacher.",
      ["O122", "O123", "SM-4off"],
    ),
    section(
      "Nobody is left out",
      managers,
      "What matters is told in another way too, for those who do not use social media. Staff who follow the channel do so from a professional account where they can.",
      ["O117", "O118", "SM-4off"],
    ),
  ],
};

export const texts: ModelText[] = [staffAup, codeOfConduct, monitoringNotice, visitorAup, pupilAup, socialMediaAup];
