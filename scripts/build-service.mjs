/**
 * Builds the service and the embedded switch into build/: they start in half the time that the
 * sources take. `--if-stale` does nothing when the last build is younger than every source; `npm start`
 * and the tests call it so.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isFresh, root } from './freshness.mjs';

const migrations = readdirSync(path.join(root, 'migrations')).filter((name) =>
  name.endsWith('.ts'),
);

if (
  !process.argv.includes('--if-stale') ||
  !isFresh('build/main.js', ['src', 'migrations', 'package.json', 'scripts/build-service.mjs'])
) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: {
      switch: 'src/switch/main.ts',
      ...Object.fromEntries(
        migrations.map((name) => [`migrations/${path.parse(name).name}`, `migrations/${name}`]),
      ),
      main: 'src/main.ts',
    },
    outdir: 'build',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
  });
}
