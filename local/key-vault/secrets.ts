import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { current, type NewSecret, type Secret, type SecretUpdate, type SecretVersion, secretSchema } from './secret';
import { badParameter, deletedNotFound, forbidden, nameIsDeleted, notFound } from './vault-error';

/** How long a deleted secret can be recovered; after that it is gone. */
export const retentionSeconds = 90 * 24 * 3600;

const snapshotSchema = z.object({ secrets: z.array(secretSchema) });

/** The secrets of one vault, living and soft-deleted, by name. Throws `Refusal` for what Key Vault would refuse. */
export class Secrets {
  private readonly byName = new Map<string, Secret>();

  constructor(
    private readonly now: () => number,
    readonly purgeProtection: boolean,
    snapshot?: unknown,
  ) {
    if (snapshot === undefined) return;
    for (const secret of snapshotSchema.parse(snapshot).secrets) this.byName.set(secret.name.toLowerCase(), secret);
  }

  /** Adds a version, and the secret where there is none. */
  set(name: string, { value, contentType, tags, attributes }: NewSecret): { secret: Secret; version: SecretVersion } {
    if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) throw badParameter(`The request URI contains an invalid name: ${name}`);
    const known = this.find(name);
    if (known?.deletedAt !== undefined) throw nameIsDeleted(known.name);
    const seconds = this.seconds();
    const version: SecretVersion = {
      version: randomBytes(16).toString('hex'),
      value,
      ...(contentType === undefined ? {} : { contentType }),
      ...(tags === undefined ? {} : { tags }),
      ...given(attributes),
      enabled: attributes?.enabled ?? true,
      created: seconds,
      updated: seconds,
    };
    const secret: Secret = known ?? { name, versions: [] };
    secret.versions.push(version);
    this.byName.set(name.toLowerCase(), secret);
    return { secret, version };
  }

  /** A living secret and one of its versions, the current one where none is named. */
  version(name: string, version?: string): { secret: Secret; version: SecretVersion } {
    const secret = this.living(name);
    const found = version === undefined ? current(secret) : secret.versions.find((each) => each.version === version);
    if (found === undefined) throw notFound(`${name}/${version}`);
    return { secret, version: found };
  }

  /** A version whose value may be read: a disabled one keeps its properties to itself too. */
  readable(name: string, version?: string): { secret: Secret; version: SecretVersion } {
    const found = this.version(name, version);
    if (!found.version.enabled) throw forbidden('Operation get is not allowed on a disabled secret.', 'SecretDisabled');
    return found;
  }

  /** Changes the properties of one version; its value never changes. */
  update(name: string, version: string | undefined, update: SecretUpdate): { secret: Secret; version: SecretVersion } {
    const found = this.version(name, version);
    const { contentType, tags, attributes } = update;
    Object.assign(found.version, {
      ...(contentType === undefined ? {} : { contentType }),
      ...(tags === undefined ? {} : { tags }),
      ...given(attributes),
      updated: this.seconds(),
    });
    return found;
  }

  /** Soft-deletes a secret with all its versions. */
  delete(name: string): Secret {
    const secret = this.living(name);
    secret.deletedAt = this.seconds();
    return secret;
  }

  deleted(name: string): Secret {
    const secret = this.find(name);
    if (secret?.deletedAt === undefined) throw deletedNotFound(name);
    return secret;
  }

  recover(name: string): Secret {
    const secret = this.deleted(name);
    delete secret.deletedAt;
    return secret;
  }

  /** Removes a soft-deleted secret for good; a vault with purge protection refuses that until the retention has passed. */
  purge(name: string): void {
    const secret = this.deleted(name);
    if (this.purgeProtection) {
      throw forbidden(
        'Operation purge is not allowed: purge protection is enabled for this vault.',
        'OperationNotAllowedWithPurgeProtection',
      );
    }
    this.byName.delete(secret.name.toLowerCase());
  }

  /** Living or deleted secrets, by name. */
  list(which: 'living' | 'deleted'): Secret[] {
    const names = [...this.byName.keys()].sort();
    const secrets = names.map((name) => this.find(name)).filter((secret) => secret !== undefined);
    return secrets.filter(({ deletedAt }) => (deletedAt === undefined) === (which === 'living'));
  }

  /** Everything, values included, for a constructor of the same class. */
  snapshot(): unknown {
    return structuredClone({ secrets: [...this.byName.values()] });
  }

  private living(name: string): Secret {
    const secret = this.find(name);
    if (secret === undefined || secret.deletedAt !== undefined) throw notFound(name);
    return secret;
  }

  private find(name: string): Secret | undefined {
    const secret = this.byName.get(name.toLowerCase());
    if (secret?.deletedAt === undefined || secret.deletedAt + retentionSeconds > this.seconds()) return secret;
    this.byName.delete(name.toLowerCase());
    return undefined;
  }

  private seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}

/** Only the attributes that a request names: JSON leaves out what it does not change. */
function given(attributes: SecretUpdate['attributes']): Partial<Pick<SecretVersion, 'enabled' | 'nbf' | 'exp'>> {
  const { enabled, nbf, exp } = attributes ?? {};
  return { ...(enabled === undefined ? {} : { enabled }), ...(nbf === undefined ? {} : { nbf }), ...(exp === undefined ? {} : { exp }) };
}
