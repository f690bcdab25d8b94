import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** A certificate of localhost that nobody signed but itself, as PEM files. */
export function selfSigned(dir: string): { certFile: string; keyFile: string } {
  const [certFile, keyFile] = [path.join(dir, 'cert.pem'), path.join(dir, 'key.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-keyout', keyFile, '-out', certFile],
    ],
    { stdio: 'ignore' },
  );
  return { certFile, keyFile };
}
