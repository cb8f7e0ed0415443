import { z } from 'zod';
import type { Person } from '../company/people';
import { type Authority, findPerson } from './authority';

const onePerson = z.strictObject({ user: z.string() });
const lifetimes = z.strictObject({
  /** Of access and id tokens. */
  seconds: z.int().positive().optional(),
  refreshSeconds: z.int().positive().optional(),
});

/** What an administrator, or fate, can do to sign-ins while everything runs. */
export function identityControls(authority: Authority): Readonly<Record<string, (body: unknown) => unknown>> {
  return {
    /** Revokes a person's refresh tokens (AADSTS50173 from then on) and ends the sessions. */
    revoke: (body) => {
      const person = named(onePerson.parse(body).user);
      authority.sessions.endAll(person);
      return { revoked: authority.grants.revoke(person) };
    },
    /** Makes a person's refresh tokens expired (AADSTS700082). */
    expire: (body) => ({ expired: authority.grants.expire(named(onePerson.parse(body).user)) }),
    /** Orders errors for the next requests. */
    fail: (body) => authority.failures.order(body),
    /** Sets how long tokens issued from now on live. */
    lifetime: (body) => {
      const { seconds, refreshSeconds } = lifetimes.parse(body);
      authority.lifetimes.access = seconds ?? authority.lifetimes.access;
      authority.lifetimes.refresh = refreshSeconds ?? authority.lifetimes.refresh;
      return { ...authority.lifetimes };
    },
  };
}

function named(user: string): Person {
  const person = findPerson(user);
  if (person === undefined) throw new Error(`Nobody in Contoso is called ${user}.`);
  return person;
}
