import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { errorCodes, TandemError } from './errors';

/** The secret that sealed texts and digests are made with, and the older ones that can still be read. */
export interface KeyRing {
  readonly current: RingKey;
  /** A key by the id that a sealed text or a digest names; undefined where the ring does not hold it. */
  find(id: string): RingKey | undefined;
}

export interface RingKey {
  /** Letters and digits only. */
  readonly id: string;
  /** 32 random bytes. */
  readonly secret: Uint8Array;
}

/** Keeps people's data unreadable at rest. */
export interface Sealer {
  /** The text encrypted and authenticated: `keyId.iv.cipher.tag`. Sealing the same text twice gives two different results. */
  seal(plain: string): string;
  /** The text again. Throws TandemError `unexpected-reply` for one that was changed, `unavailable` for one whose key this ring does not hold. */
  open(sealed: string): string;
  /** A keyed hash, `keyId.hash`: equal for equal texts under one key, and telling nobody what the text is. */
  digest(text: string): string;
  /** True where the digest is of this text, under whichever key of the ring it was made. Throws as `open` for a key that is not there. */
  matches(text: string, digest: string): boolean;
}

/** A random nonce may be used about 2^32 times with one key (NIST SP 800-38D): far beyond what one installation writes. */
const nonceBytes = 12;
const tagBytes = 16;
/** Above this many bytes a text is worth deflating before it is encrypted. */
const deflateAbove = 256;

const asIs = 0;
const deflated = 1;

interface Keys {
  readonly id: string;
  readonly seal: Buffer;
  readonly digest: Buffer;
}

/** A sealer over a ring of keys: AES-256-GCM for texts, HMAC-SHA256 for digests, each with a key of its own drawn from the ring's secret. */
export function createSealer(ring: KeyRing): Sealer {
  const derived = new Map<string, Keys>();
  const keysOf = (key: RingKey): Keys => {
    const known = derived.get(key.id) ?? derive(key);
    derived.set(key.id, known);
    return known;
  };
  const keysById = (id: string): Keys => {
    const key = ring.find(id);
    if (key === undefined) throw keyMissing(id);
    return keysOf(key);
  };
  return {
    seal: (plain) => sealWith(keysOf(ring.current), plain),
    open(sealed) {
      const [id = '', ...parts] = sealed.split('.');
      const [nonce, cipher, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (parts.length !== 3 || nonce?.length !== nonceBytes || cipher === undefined || tag?.length !== tagBytes) throw broken();
      return openWith(keysById(id), nonce, cipher, tag);
    },
    digest: (text) => digestWith(keysOf(ring.current), text),
    matches(text, digest) {
      const expected = Buffer.from(digestWith(keysById(digest.split('.')[0] ?? ''), text));
      const given = Buffer.from(digest);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

function derive(key: RingKey): Keys {
  const draw = (use: string) => Buffer.from(hkdfSync('sha256', key.secret, '', `tandem ${use}`, 32));
  return { id: key.id, seal: draw('seal'), digest: draw('digest') };
}

/** The key's id is authenticated too, so that a text cannot be passed off as another key's. */
function sealWith(keys: Keys, plain: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keys.seal, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(keys.id));
  const secret = Buffer.concat([cipher.update(packed(plain)), cipher.final()]);
  return [keys.id, ...[nonce, secret, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
}

function openWith(keys: Keys, nonce: Buffer, secret: Buffer, tag: Buffer): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', keys.seal, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(keys.id));
    decipher.setAuthTag(tag);
    return unpacked(Buffer.concat([decipher.update(secret), decipher.final()]));
  } catch (cause) {
    throw broken(cause);
  }
}

/** UTF-8; UTF-16 for a text with half a surrogate pair in it, which UTF-8 cannot hold. */
function packed(plain: string): Buffer {
  const utf8 = Buffer.from(plain, 'utf8');
  const faithful = utf8.toString('utf8') === plain;
  const bytes = faithful ? utf8 : Buffer.from(plain, 'utf16le');
  const deflate = bytes.length > deflateAbove;
  const head = Buffer.from([deflate ? deflated : asIs, faithful ? 8 : 16]);
  return Buffer.concat([head, deflate ? deflateRawSync(bytes) : bytes]);
}

function unpacked(packet: Buffer): string {
  const body = packet.subarray(2);
  const bytes = packet[0] === deflated ? inflateRawSync(body) : body;
  return bytes.toString(packet[1] === 8 ? 'utf8' : 'utf16le');
}

function digestWith(keys: Keys, text: string): string {
  return `${keys.id}.${createHmac('sha256', keys.digest).update(Buffer.from(text, 'utf16le')).digest('base64url')}`;
}

function broken(cause?: unknown): TandemError {
  return new TandemError(errorCodes.unexpectedReply, {
    retry: 'never',
    fix: 'The stored text was changed or cut. Restore the row from a backup, or remove it.',
    detail: 'a sealed text does not open',
    cause,
  });
}

function keyMissing(id: string): TandemError {
  return new TandemError(errorCodes.unavailable, {
    retry: 'later',
    fix: `Enable the version of the secret 'state-key' whose id starts with ${/^\w{1,64}$/.test(id) ? id : '(not an id)'} in the Key Vault.`,
    detail: 'a stored text names a key that is not at hand',
  });
}
