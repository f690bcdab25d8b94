/**
 * Builds the service and the embedded switch into build/: they start in half the time that the
 * sources take. `--if-stale` does nothing when the last build is younger than every source; `npm start`
 * and the tests call it so.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isFresh, root } from './freshness.mjs';

const migrations = readdirSync(path.join(root, 'migrations')).filter((name) =>
  name.endsWith('.ts'),
);

/** Libraries of hundreds of small modules: a third of the time of a start is their loading, one by one. */
const inBundle = ['typebox', 'kysely', '@fastify/type-provider-typebox'];
const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
);
const packages = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });

if (
  !process.argv.includes('--if-stale') ||
  !isFresh('build/main.js', ['src', 'migrations', 'package.json', 'scripts/build-service.mjs'])
) {
  const { build } = await import('esbuild');
  // One that was renamed would be run beside its new name.
  rmSync(path.join(root, 'build/migrations'), { recursive: true, force: true });
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
    external: packages.filter((name) => !inBundle.includes(name)),
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
  });
}
