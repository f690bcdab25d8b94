import path from 'node:path';
import { existsSync } from 'node:fs';

/** Whether this runs from `build/`, as `npm start` does, or from the sources through tsx. */
const isBuilt = import.meta.filename.endsWith('.js');

/** The folder of package.json. */
export const root = rootAbove(import.meta.dirname);

/** Where the migrations are that this program can load, and how their files end. */
export const migrations = isBuilt
  ? { folder: path.join(root, 'build', 'migrations'), ending: '.js' }
  : { folder: path.join(root, 'migrations'), ending: '.ts' };

/** The arguments with which Node runs the embedded switch. */
export const switchProgram: readonly string[] = isBuilt
  ? ['--enable-source-maps', path.join(root, 'build', 'switch.js')]
  : ['--import', 'tsx', path.join(root, 'src', 'switch', 'main.ts')];

function rootAbove(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  return rootAbove(path.dirname(folder));
}
