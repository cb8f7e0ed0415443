import { z } from 'zod';
import type { WireRequest } from '../serving/wire';
import { jsonBody } from '../serving/wire';
import { badParameter, vaultError } from './vault-error';

const attributesSchema = z.object({
  enabled: z.boolean().optional(),
  /** Not before and expiry, in seconds since 1970; Key Vault keeps them for the caller and does not enforce them on reads. */
  nbf: z.int().optional(),
  exp: z.int().optional(),
});

const updateSchema = z.object({
  contentType: z.string().max(255).optional(),
  tags: z.record(z.string().max(256), z.string().max(256)).optional(),
  attributes: attributesSchema.optional(),
});

/** Key Vault keeps values of up to 25 kB. */
const maxValueBytes = 25 * 1024;
const maxTags = 15;

const setSchema = updateSchema.extend({
  value: z.string().refine((value) => Buffer.byteLength(value) <= maxValueBytes),
});

export const versionSchema = z.object({
  version: z.string(),
  value: z.string(),
  contentType: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  enabled: z.boolean(),
  nbf: z.int().optional(),
  exp: z.int().optional(),
  /** Seconds since 1970, like every time in Key Vault. */
  created: z.int(),
  updated: z.int(),
});

export const secretSchema = z.object({
  /** The name as it was first set; names are the same in upper and lower case. */
  name: z.string(),
  /** Oldest first; the last one is current. */
  versions: z.array(versionSchema).min(1),
  /** When it was soft-deleted, in seconds; absent while it lives. */
  deletedAt: z.int().optional(),
});

export type SecretVersion = z.output<typeof versionSchema>;
export type Secret = z.output<typeof secretSchema>;
export type SecretUpdate = z.output<typeof updateSchema>;
export type NewSecret = z.output<typeof setSchema>;

export function newSecretIn(request: WireRequest): NewSecret {
  return checked(setSchema, request);
}

export function secretUpdateIn(request: WireRequest): SecretUpdate {
  return checked(updateSchema, request);
}

/** The current version. */
export function current({ name, versions }: Secret): SecretVersion {
  const last = versions.at(-1);
  if (last === undefined) throw new Error(`The secret ${name} has no version.`);
  return last;
}

/** The body in a schema, or 400 that names the field and never its value. */
function checked<T extends SecretUpdate>(schema: z.ZodType<T>, request: WireRequest): T {
  const body = jsonBody(request, vaultError(400, 'BadParameter', 'The request body is not JSON.'));
  const parsed = schema.safeParse(body ?? {});
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    throw badParameter(`The property ${field === '' ? '(body)' : field} is missing or not valid.`);
  }
  if (Object.keys(parsed.data.tags ?? {}).length > maxTags) throw badParameter(`A secret has at most ${maxTags} tags.`);
  return parsed.data;
}
