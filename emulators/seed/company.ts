/** Harborline, a made-up company that sells freight booking and tracking. It owns everything the emulators show. */
export type Colleague = {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  /** Determines which issues they write and are assigned to. */
  readonly role: "engineer" | "design" | "product" | "support";
};

const people: readonly (readonly [string, Colleague["role"]])[] = [
  ["Maren Aldous", "engineer"],
  ["Tomasz Wieczorek", "engineer"],
  ["Adaeze Okonjo", "engineer"],
  ["Rafael Quintela", "engineer"],
  ["Hyejin Bae", "engineer"],
  ["Sunil Varadkar", "engineer"],
  ["Lotte Verbruggen", "engineer"],
  ["Elif Karadag", "engineer"],
  ["Noah Lindqvist", "engineer"],
  ["Camille Bertin", "design"],
  ["Priya Raghunath", "product"],
  ["Owen Tredwell", "product"],
  ["Ines Caldeira", "support"],
  ["Dmitri Halonen", "support"],
];

export const companyDomain = "harborline.example";

export const colleagues: readonly Colleague[] = people.map(([name, role]) => {
  const [first = "", last = ""] = name.toLowerCase().split(" ");
  return { login: `${first}${last.slice(0, 1)}`, name, email: `${first}.${last}@${companyDomain}`, role };
});

/** Customers and places mentioned in reports. */
export const customers: readonly string[] = [
  "Nordfrakt",
  "Blue Mesa Produce",
  "Castellan Foods",
  "Okafor Textiles",
  "Riverbend Steel",
  "Juniper & Vale",
  "Tessaro Ceramics",
  "Granite State Paper",
  "Kestrel Outdoor",
  "Pacific Crate",
  "Holloway Pharma",
  "Delmar Citrus",
  "Arden Glass",
  "Fjellvik Seafood",
  "Marigold Home",
  "Copperline Tools",
];

export const lanes: readonly string[] = [
  "Rotterdam → Duisburg",
  "Long Beach → Reno",
  "Gdańsk → Brno",
  "Savannah → Memphis",
  "Felixstowe → Leeds",
  "Valencia → Lyon",
  "Laredo → Dallas",
  "Hamburg → Malmö",
  "Oakland → Boise",
  "Antwerp → Metz",
];

/** For search benchmarks. Every issue (and pull request) of every tracker contains `everyIssueWord`; each rare word is in about one body of `oneIn`, and nowhere else. */
export const everyIssueWord = "Harborline";
export const rareWords: readonly { readonly word: string; readonly oneIn: number; readonly sentence: string }[] = [
  {
    word: "Saltillo",
    oneIn: 400,
    sentence: "The Saltillo cross-dock sees it first because its shift starts at 04:00.",
  },
  { word: "isotherm", oneIn: 1_500, sentence: "On reefer loads the isotherm chart has to stay readable in print." },
  { word: "demurrage", oneIn: 5_000, sentence: "Finance asked about demurrage: it is not part of this." },
];
