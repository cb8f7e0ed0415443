import { randomUUID } from 'node:crypto';
import type { Person } from '../company/people';

const cookieName = 'ESTSAUTH';

/** Browsers in which somebody has signed in; `prompt=none` lives on them. */
export class Sessions {
  private readonly people = new Map<string, Person>();

  /** Starts a session and returns its id and the cookie that carries it. */
  start(person: Person): { id: string; cookie: string } {
    const id = randomUUID();
    this.people.set(id, person);
    return { id, cookie: `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Lax` };
  }

  /** Who is signed in with these cookies. */
  person(cookies: string | undefined): Person | undefined {
    const id = idIn(cookies);
    return id === undefined ? undefined : this.people.get(id);
  }

  /** Ends the session of these cookies; returns the cookie that removes it from the browser. */
  end(cookies: string | undefined): string {
    const id = idIn(cookies);
    if (id !== undefined) this.people.delete(id);
    return `${cookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;
  }

  /** Ends every session of a person. */
  endAll(person: Person): void {
    for (const [id, { objectId }] of this.people) {
      if (objectId === person.objectId) this.people.delete(id);
    }
  }
}

function idIn(cookies: string | undefined): string | undefined {
  return new RegExp(`(?:^|;\\s*)${cookieName}=([^;]+)`).exec(cookies ?? '')?.[1];
}
