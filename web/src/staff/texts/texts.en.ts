import { shell } from './shell.en.ts';
import { softphone } from './softphone.en.ts';
import { words } from './words.en.ts';
import { problems } from './problems.en.ts';

export const texts = { ...shell, ...softphone, ...words, ...problems };
