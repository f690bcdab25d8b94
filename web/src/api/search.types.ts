export interface LocalisedName {
  'zh-CN': string;
  en: string;
}

/** `GET /search?q=`: at most 20 of each kind, the likeliest first. */
export interface SearchResult {
  people: {
    personId: string;
    name: string;
    isVip: boolean;
    flags: string[];
    numbers: string[];
    homes: { roomId: string; label: string; estateId: string; estateName: LocalisedName }[];
  }[];
  rooms: {
    roomId: string;
    label: string;
    estateId: string;
    estateName: LocalisedName;
    residents: { personId: string; name: string }[];
  }[];
  orders: {
    number: string;
    kind: string;
    category: string;
    state: string;
    summary: string;
    roomLabel: string | null;
    createdAt: string;
  }[];
}
