/** Writes docs/openapi.json from the table of routes (src/contract/routes.ts): `npm run openapi`. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeApi } from '../src/api/description.ts';

/** A line for each shape: a change of one reads as a change of one line. */
function lines(value: unknown, depth: number, indent = ''): string {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    return JSON.stringify(value);
  }
  const deeper = `${indent}  `;
  const entries = Object.entries(value).map(
    ([key, inner]) => `${deeper}${JSON.stringify(key)}: ${lines(inner, depth - 1, deeper)}`,
  );
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${indent}}`;
}

const file = path.join(import.meta.dirname, '../docs/openapi.json');
writeFileSync(file, `${lines(JSON.parse(JSON.stringify(await describeApi())), 5)}\n`);
