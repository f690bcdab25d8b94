import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from './errors.ts';

const version = 'v1:';
const ivBytes = 12;
const tagBytes = 16;

/** Encrypts what must not be read in a copy of the database: AES-256-GCM (NIST SP 800-38D). */
export interface Sealer {
  /** `context` says whose it is; a sealed text that was moved to another row does not open. */
  seal(text: string, context: string): string;
  /** Throws `secrets.unreadable` for another key, another context, or text that was changed. */
  open(sealed: string, context: string): string;
  /** A fingerprint (HMAC) that nobody can guess the text from without the key. */
  mac(text: string, context: string): string;
}

/** @param key 32 bytes. */
export function createSealer(key: Buffer): Sealer {
  const macKey = Buffer.from(hkdfSync('sha256', key, '', 'mac', 32));
  return {
    mac: (text, context) =>
      createHmac('sha256', macKey).update(`${context}\n${text}`).digest('hex'),
    seal(text, context) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return version + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed.slice(version.length), 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes))
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        const text = decipher.update(bytes.subarray(ivBytes + tagBytes));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError({
          code: 'secrets.unreadable',
          status: 500,
          message:
            'A secret cannot be opened: SECRETS_KEY, or the file secrets-key of the data folder, is not the one with which it was sealed. An administrator can remove the second factor.',
          cause,
        });
      }
    },
  };
}

export function isSealed(text: string): boolean {
  return text.startsWith(version);
}
