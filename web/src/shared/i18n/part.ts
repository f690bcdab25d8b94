import type { Language } from './i18n.ts';

export type Table = Readonly<Record<string, string>>;

/** The texts of one scene, or of what several have in common. Each language is a file of its own. */
export interface Part {
  name: string;
  load: Readonly<Record<Language, () => Promise<{ texts: Table }>>>;
}

export function part(name: string, load: Part['load']): Part {
  return { name, load };
}
