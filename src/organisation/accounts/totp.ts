/**
 * Codes of an authenticator app: TOTP (RFC 6238) with HMAC-SHA-1, 30 s and six digits, which is what
 * every app can do.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const stepMs = 30_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Clocks of telephones differ: one step before and after counts too (section 5.2). */
const tolerance = 1;

/** 160 bits, as RFC 4226 section 4 recommends, in base32. */
export function newTotpSecret(): string {
  return base32(randomBytes(20));
}

/** For the QR code that an app reads. */
export function totpUri(secret: string, username: string): string {
  const label = encodeURIComponent(`Lingting:${username}`);
  return `otpauth://totp/${label}?secret=${secret}&issuer=Lingting&algorithm=SHA1&digits=6&period=30`;
}

/** The time step that the code belongs to, to be kept: it and those before never count again. */
export function checkTotp(
  secret: string,
  code: string,
  now: number,
  lastStep: number | null,
): number | undefined {
  const current = Math.floor(now / stepMs);
  for (let step = current - tolerance; step <= current + tolerance; step += 1) {
    if (step <= (lastStep ?? -1)) continue;
    const wanted = Buffer.from(hotp(secret, step));
    const given = Buffer.from(code);
    if (wanted.length === given.length && timingSafeEqual(wanted, given)) return step;
  }
  return undefined;
}

/** RFC 4226 section 5.3. */
export function hotp(secret: string, counter: number, digits = 6): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', fromBase32(secret)).update(message).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >> bits) & 31] ?? '';
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + (alphabet[(value << (5 - bits)) & 31] ?? '') : text;
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const char of text) {
    value = (value << 5) | alphabet.indexOf(char);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 255);
    value &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
